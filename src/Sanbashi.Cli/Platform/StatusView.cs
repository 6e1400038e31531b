using System.Globalization;
using Sanbashi.Cli.Supervision;
using Sanbashi.Cli.Terminal;
using Spectre.Console;

namespace Sanbashi.Cli.Platform;

/// <summary>The status for people.</summary>
internal static class StatusView
{
    /// <param name="engine">What the engine says of itself; null when it is not known.</param>
    public static void Write(PlatformStatus status, string? engine)
    {
        var facts = Tables.Facts();
        facts.AddRow("platform", $"{status.Version}, up {Durations.Text(TimeProvider.System.GetUtcNow() - status.StartedAt)} (supervisor pid {status.Pid})");
        facts.AddRow("API, console", string.Join("  ", status.Api).EscapeMarkup());
        facts.AddRow("services", string.Join("  ", new[] { ("http", status.Http), ("https", status.Https), ("h2c", status.H2c) }
            .Where(listener => listener.Item2 is not null).Select(listener => $"{listener.Item1} {listener.Item2}")).EscapeMarkup());
        facts.AddRow("domain", status.Domain.EscapeMarkup());
        facts.AddRow("region", $"{status.Region} (account {status.Account})".EscapeMarkup());
        facts.AddRow("engine", (engine ?? status.Engine).EscapeMarkup());
        if (engine is not null)
        {
            facts.AddRow("", status.Engine.EscapeMarkup());
        }

        facts.AddRow("root key", "for the first minutes only; make a user: sanbashi user create NAME --admin");
        facts.AddRow("state", status.State.EscapeMarkup());
        Output.Result.Write(facts);
        Output.Result.WriteLine();

        var table = Tables.List("PROCESS", "STATE", "PID", "UP", "RESTARTS", "MEMORY");
        foreach (var process in status.Processes ?? [])
        {
            table.AddRow(
                process.Name,
                Phase(process),
                process.Pid?.ToString(CultureInfo.InvariantCulture) ?? "-",
                process.StartedAt is { } since ? Durations.Text(TimeProvider.System.GetUtcNow() - since) : "-",
                process.Restarts.ToString(CultureInfo.InvariantCulture),
                process.Pid is { } pid ? ProcessMemory.Text(pid) : "-");
        }

        table.AddRow("supervisor", "ready", status.Pid.ToString(CultureInfo.InvariantCulture), Durations.Text(TimeProvider.System.GetUtcNow() - status.StartedAt), "0", ProcessMemory.Text(status.Pid));
        Output.Result.Write(table);

        foreach (var process in (status.Processes ?? []).Where(process => process.LastEnd is not null))
        {
            Output.Result.WriteLine();
            Output.Result.WriteLine($"{process.Name} last {process.LastEnd}. Its output: {process.Log}");
        }

        foreach (var process in (status.Processes ?? []).Where(process => process.LostLogLines > 0))
        {
            Output.Result.WriteLine($"{process.LostLogLines} log lines of {process.Name} were lost because the disk refused them. Is it full? (df -h {status.State})");
        }
    }

    private static string Phase(ProcessStatus process) =>
        process.IsCrashLoop ? "[red]crash loop[/]"
        : process.Phase == "ready" ? "[green]ready[/]"
        : process.Phase;
}
