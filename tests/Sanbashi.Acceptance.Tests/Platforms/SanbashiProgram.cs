namespace Sanbashi.Acceptance.Tests.Platforms;

/// <summary>The command line as a user of a clone gets it; <c>SANBASHI_PROGRAM</c> names another build.</summary>
internal static class SanbashiProgram
{
    private static readonly Lazy<Task<string>> _path = new(Find);

    public static Task<string> Path => _path.Value;

    private static async Task<string> Find()
    {
        if (Environment.GetEnvironmentVariable("SANBASHI_PROGRAM") is { Length: > 0 } named)
        {
            return named;
        }

        // The script builds what is not up to date; the program behind it is then the one of these sources.
        (await Command.Run(System.IO.Path.Combine(Repository.Root, "sanbashi"), ["version"])).ShouldSucceed();
        return System.IO.Path.GetFullPath(System.IO.Path.Combine(Repository.Root, "artifacts", "cli", "sanbashi"));
    }
}
