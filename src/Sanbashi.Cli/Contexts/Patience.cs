namespace Sanbashi.Cli.Contexts;

/// <summary>
/// Asks again while the platform does not answer: its control plane may be restarting, and who follows a deployment or a log does not want to start over.
/// Only for questions, which may be asked twice.
/// </summary>
internal sealed class Patience(TimeProvider timeProvider)
{
    /// <summary>After this long without an answer the platform is taken for gone.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(250);

    public async Task<T> Ask<T>(Func<Task<T>> question, CancellationToken cancellationToken)
    {
        var begun = timeProvider.GetUtcNow();
        while (true)
        {
            try
            {
                return await question();
            }
            catch (CliException failure) when (failure.ExitCode == ExitCodes.Unreachable && timeProvider.GetUtcNow() - begun < Limit)
            {
                await Task.Delay(_pause, timeProvider, cancellationToken);
            }
        }
    }
}
