using System.CommandLine;
using System.Text.Json;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Supervision;

namespace Sanbashi.Cli.Platform;

/// <summary><c>sanbashi status</c>.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan _engineTimeout = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var command = new Command("status", "Shows whether the platform runs, where it answers, and its processes. Exit code 4 when it does not run.");
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken cancellationToken)
    {
        var state = GlobalOptions.StateOfThisMachine(parsed);
        var status = await SupervisorClient.Status(state, cancellationToken)
            ?? throw new CliException(ExitCodes.Unreachable, $"No platform runs on {state}. Start one: sanbashi up");
        if (parsed.GetValue(GlobalOptions.Json))
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(status, SupervisionJsonContext.Default.PlatformStatus));
            return ExitCodes.Success;
        }

        StatusView.Write(status, await DescribeEngine(parsed, cancellationToken));
        return ExitCodes.Success;
    }

    /// <summary>What the control plane says of the engine; null while it does not answer, or to a user who may not ask.</summary>
    private static async Task<string?> DescribeEngine(ParseResult parsed, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_engineTimeout, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            await using var platform = await ConnectionFactory.Open(parsed, either.Token);
            var engine = (await platform.Api.Sanbashi("DescribePlatform", [], either.Token))["Engine"];
            return (string?)engine?["Problem"] ?? $"{engine?["Name"]} {engine?["Version"]}, {engine?["Cpus"]} CPUs, {(long?)engine?["MemoryBytes"] / 1_000_000_000.0:0.0} GB";
        }
        catch (Exception failure) when (failure is CliException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
