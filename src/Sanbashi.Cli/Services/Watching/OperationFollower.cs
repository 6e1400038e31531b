using System.CommandLine;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Terminal;
using Spectre.Console;

namespace Sanbashi.Cli.Services.Watching;

/// <summary>What every command does with the operation that it started: follows it, shows its steps, and ends with its outcome.</summary>
internal sealed class OperationFollower(PlatformConnection platform, WatchOptions options, ParseResult parsed, TimeProvider timeProvider)
{
    private readonly bool _json = parsed.GetValue(GlobalOptions.Json);

    /// <param name="doing">What happens, for people: <c>Creating service hello</c>.</param>
    /// <param name="operationId">Null: the platform had nothing to do.</param>
    /// <param name="isCancellation">An operation that does not succeed is what is wanted.</param>
    public async Task<int> Follow(
        string doing, string serviceArn, string name, string? operationId, CancellationToken cancellationToken, bool isCancellation = false)
    {
        if (operationId is null)
        {
            return await Report(serviceArn, null, cancellationToken);
        }

        if (parsed.GetValue(options.NoWait))
        {
            Say($"{doing}: operation {operationId} has begun. Follow it: sanbashi svc logs {name} --deployment --follow");
            return await Report(serviceArn, operationId, cancellationToken);
        }

        using var deadline = new CancellationTokenSource(options.TimeoutValue(parsed), timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        JsonObject operation;
        try
        {
            operation = await Watch(doing, serviceArn, operationId, either.Token);
        }
        catch (OperationCanceledException)
        {
            var isInterrupted = cancellationToken.IsCancellationRequested;
            throw new CliException(
                isInterrupted ? ExitCodes.Interrupted : ExitCodes.TimedOut,
                $"{(isInterrupted ? "Interrupted" : $"Still not done after {options.TimeoutText(parsed)}")}: the operation goes on at the platform.\n"
                + $"  follow it  sanbashi svc logs {name} --deployment --follow\n"
                + $"  stop it    sanbashi svc cancel {name}");
        }

        return await Finish(serviceArn, name, operation, isCancellation, cancellationToken);
    }

    private async Task<JsonObject> Watch(string doing, string serviceArn, string operationId, CancellationToken cancellationToken)
    {
        var watch = new OperationWatch(platform, serviceArn, operationId, timeProvider);
        if (_json)
        {
            return await watch.Run((_, _) => { }, _ => { }, cancellationToken);
        }

        var console = Output.Progress;
        if (!console.Profile.Capabilities.Interactive || !console.Profile.Capabilities.Ansi)
        {
            Say(doing);
            return await watch.Run((at, step) => Say(StepLine(at, step)), _ => { }, cancellationToken);
        }

        return await console.Status()
            .Spinner(Spinner.Known.Dots)
            .StartAsync(doing.EscapeMarkup(), status => watch.Run(
                (at, step) => console.Write(StepRow(at, step)),
                elapsed => status.Status($"{doing.EscapeMarkup()} [grey]{Durations.Text(elapsed)}[/]"),
                cancellationToken));
    }

    private async Task<int> Finish(string serviceArn, string name, JsonObject operation, bool isCancellation, CancellationToken cancellationToken)
    {
        var status = (string?)operation["Status"];
        var type = (string?)operation["Type"];
        var took = ServiceText.Time(operation["EndedAt"]) - ServiceText.Time(operation["StartedAt"]) ?? TimeSpan.Zero;
        var service = await ServiceReference.DescribeArn(platform.Api, serviceArn, cancellationToken);
        var isGood = status == "SUCCEEDED";
        if (_json)
        {
            WriteJson(service, operation);
        }
        else if (isCancellation)
        {
            Say(isGood
                ? $"{type} of {name} had already succeeded; 'svc rollback {name}' goes back."
                : $"{type} of {name} was stopped ({status}); {name} is {service["Status"]}.");
        }
        else if (isGood)
        {
            var addresses = type is "DELETE_SERVICE" or "PAUSE_SERVICE" ? null : ServiceAddresses.Of(service, platform);
            Mark("green", "✔", $"{name} is {service["Status"]} after {Durations.Text(took)}.");
            if (addresses is not null)
            {
                Output.Progress.WriteLine();
                Output.Result.WriteLine($"  {addresses.Url}");
                Output.Result.WriteLine($"  {addresses.Everywhere}");
            }
        }
        else
        {
            var serves = (string?)service["Status"] == "RUNNING" ? " What ran before goes on serving." : "";
            Mark("red", "✘", $"{type} of {name} ended as {status} after {Durations.Text(took)}. The lines above say why.{serves}");
            Say($"  the application's own output  sanbashi svc logs {name}\n  what happened to the service  sanbashi svc logs {name} --events");
        }

        return isGood != isCancellation ? ExitCodes.Success : ExitCodes.Failed;
    }

    private async Task<int> Report(string serviceArn, string? operationId, CancellationToken cancellationToken)
    {
        var service = await ServiceReference.DescribeArn(platform.Api, serviceArn, cancellationToken);
        if (_json)
        {
            WriteJson(service, operationId is null ? null : new JsonObject { ["Id"] = operationId });
        }
        else if (operationId is null)
        {
            Say($"Nothing to do: {service["ServiceName"]} is {service["Status"]}.");
        }

        return ExitCodes.Success;
    }

    private static void WriteJson(JsonObject service, JsonObject? operation) => Console.Out.WriteLine(
        new JsonObject { ["Service"] = service.DeepClone(), ["Operation"] = operation?.DeepClone() }.ToJsonString(JsonText.Options));

    private static void Say(string text) => Console.Error.WriteLine(text);

    private static void Mark(string color, string mark, string text) => Output.Progress.MarkupLine($"[{color}]{mark}[/] {text.EscapeMarkup()}");

    /// <summary>Long steps go on under their own beginning, not under the time.</summary>
    private static Grid StepRow(TimeSpan at, string step) => new Grid()
        .AddColumn(new GridColumn { NoWrap = true, Padding = new Padding(0, 0, 2, 0) })
        .AddColumn(new GridColumn { Padding = new Padding(0) })
        .AddRow($"[grey]{At(at)}[/]", step.EscapeMarkup());

    private static string StepLine(TimeSpan at, string step) => $"{At(at)}  {step}";

    private static string At(TimeSpan at) => Durations.Text(at).PadLeft(9);
}
