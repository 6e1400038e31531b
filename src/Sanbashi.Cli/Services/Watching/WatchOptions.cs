using System.CommandLine;
using Sanbashi.Domain.Settings;

namespace Sanbashi.Cli.Services.Watching;

/// <summary>Whether and how long a command waits for the operation that it started.</summary>
internal sealed class WatchOptions
{
    private const string DefaultTimeout = "30m";

    public Option<bool> NoWait { get; } = new("--no-wait")
    {
        Description = "Return as soon as the platform has accepted it, instead of following it to its end.",
    };

    public Option<string?> Timeout { get; } = new("--timeout")
    {
        Description = "Stop following after this time (90s, 15m, 2h); the operation goes on, the exit code is 6. Default " + DefaultTimeout + ".",
        HelpName = "DURATION",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(NoWait);
        command.Options.Add(Timeout);
    }

    public string TimeoutText(ParseResult parsed) => parsed.GetValue(Timeout) ?? DefaultTimeout;

    public TimeSpan TimeoutValue(ParseResult parsed) => DurationText.TryParse(TimeoutText(parsed), out var timeout)
        ? timeout
        : throw new FormatException($"--timeout {TimeoutText(parsed)} is not a duration. Write for example 90s, 15m or 2h.");
}
