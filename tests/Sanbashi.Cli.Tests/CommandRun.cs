using System.Diagnostics;

namespace Sanbashi.Cli.Tests;

/// <summary>One finished run of a program.</summary>
internal sealed record CommandRun(int ExitCode, string Out, string Error)
{
    private static readonly TimeSpan _deadline = TimeSpan.FromSeconds(60);

    public static Task<CommandRun> Cli(params IReadOnlyList<string> arguments) => Of(Built.Executable, arguments);

    public static async Task<CommandRun> Of(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?>? environment = null, string input = "")
    {
        using var process = Process.Start(Describe(program, arguments, environment))!;
        using var deadline = new CancellationTokenSource(_deadline);
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var error = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(deadline.Token);
            return new CommandRun(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{program} {string.Join(' ', arguments)} did not end within {_deadline.TotalSeconds:0} s.");
        }
    }

    public static ProcessStartInfo Describe(string program, IReadOnlyList<string> arguments, IReadOnlyDictionary<string, string?>? environment)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        return start;
    }
}
