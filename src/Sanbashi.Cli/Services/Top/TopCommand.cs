using System.CommandLine;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Exec;
using Sanbashi.Cli.Terminal;
using Spectre.Console;

namespace Sanbashi.Cli.Services.Top;

/// <summary><c>svc top</c>.</summary>
internal static class TopCommand
{
    private const int StandardInput = 0, StandardOutput = 1;

    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = "Only this service, with its history: its name or its ARN.", Arity = ArgumentArity.ZeroOrOne };
        name.CompletionSources.Add(ServiceReference.Argument().CompletionSources[0]);
        var follow = new Option<bool>("--follow", "-f") { Description = "Without a terminal, or with --json: one line per service each second, until Ctrl-C." };
        var command = new Command("top", "Shows what goes on in services now: requests, latencies, instances, processor time and memory, renewed each second.") { name, follow };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
            var arn = parsed.GetValue(name) is { } named ? await ServiceReference.Arn(platform, named, cancellationToken) : null;
            var isJson = parsed.GetValue(GlobalOptions.Json);
            if (!isJson && !parsed.GetValue(follow) && RawTerminal.IsTerminal(StandardInput) && RawTerminal.IsTerminal(StandardOutput))
            {
                await Watch(platform, arn, cancellationToken);
                return;
            }

            await Print(platform, arn, isJson, parsed.GetValue(follow), cancellationToken);
        });
        return command;
    }

    /// <summary>The live view, until a key or Ctrl-C ends it.</summary>
    private static async Task Watch(PlatformConnection platform, string? arn, CancellationToken cancellationToken)
    {
        // Before the screen is taken: what is wrong from the start is said where it can be read.
        var answer = await Ask(platform, arn, cancellationToken);
        using var terminal = new TopTerminal();
        var history = new TopHistory();
        var sort = TopSort.All[0];
        string? problem = null;
        var (services, at) = Take(answer, history);
        try
        {
            while (true)
            {
                var screen = new TopScreen(terminal.Width, terminal.Height, history, platform.Region);
                terminal.Show(arn is not null && services.Count == 1 ? screen.Service(services[0], at, problem) : screen.Services(services, sort, at, problem));
                if (await Key(terminal, cancellationToken) is { } key)
                {
                    if (key == 'q')
                    {
                        return;
                    }

                    sort = TopSort.All.FirstOrDefault(other => other.Key == key) ?? sort;
                    continue;
                }

                try
                {
                    (services, at) = Take(await Ask(platform, arn, cancellationToken), history);
                    problem = null;
                }
                catch (CliException failure)
                {
                    // The platform may be restarting: the last numbers stay, and the next second may bring new ones.
                    problem = failure.Message;
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is one way to end it.
        }
    }

    private static (IReadOnlyList<TopService> Services, DateTimeOffset At) Take(JsonObject answer, TopHistory history)
    {
        IReadOnlyList<TopService> services = [.. Elements(answer).Select(TopService.Read)];
        history.Add(services);
        return (services, ServiceText.Time(answer["Timestamp"]) ?? DateTimeOffset.UnixEpoch);
    }

    /// <summary>Null when the second is over before a key comes.</summary>
    private static async Task<char?> Key(TopTerminal terminal, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_pause, TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await terminal.Keys.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task Print(PlatformConnection platform, string? arn, bool isJson, bool isFollowing, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var answer = await Ask(platform, arn, cancellationToken);
                Write(answer, isJson, isFollowing);
                if (!isFollowing)
                {
                    return;
                }

                await Task.Delay(_pause, TimeProvider.System, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (isFollowing)
        {
            // Ctrl-C is how following ends.
        }
    }

    private static void Write(JsonObject answer, bool isJson, bool isFollowing)
    {
        switch (isJson, isFollowing)
        {
            case (true, true):
                Console.Out.WriteLine(answer.ToJsonString());
                break;
            case (true, false):
                Console.Out.WriteLine(answer.ToJsonString(JsonText.Options));
                break;
            case (false, true):
                foreach (var service in Elements(answer).Select(TopService.Read))
                {
                    Console.Out.WriteLine(Text(service, ServiceText.Time(answer["Timestamp"]) ?? DateTimeOffset.UnixEpoch));
                }

                break;
            default:
                Table([.. Elements(answer).Select(TopService.Read)]);
                break;
        }

        Console.Out.Flush();
    }

    private static string Text(TopService service, DateTimeOffset at) =>
        $"{at.ToLocalTime():HH:mm:ss} {service.Name} {TopText.Format(service.Requests, "0.0")} requests/s, p95 {TopText.Latency(service.P95)}, "
        + $"{service.InFlight:0} in flight, {service.Waiting:0} waiting, {service.Active} running, {service.Frozen} frozen, {TopText.Format(service.ServerErrors, "0.0")} 5xx/s";

    private static void Table(IReadOnlyList<TopService> services)
    {
        var table = Tables.List(["NAME", "REQ/S", .. TopColumn.All.Select(column => column.Heading), "RUNNING", "FROZEN", "OTHER"]);
        foreach (var service in services)
        {
            table.AddRow(
            [
                service.Name.EscapeMarkup(), TopText.Rate(service.Requests), .. TopColumn.All.Select(column => column.Text(service)),
                TopText.Count(service.Active), TopText.Count(service.Frozen), TopText.Count(service.Other),
            ]);
        }

        Output.Result.Write(table);
    }

    private static Task<JsonObject> Ask(PlatformConnection platform, string? arn, CancellationToken cancellationToken) =>
        platform.Api.Sanbashi("GetLiveMetrics", arn is null ? [] : new JsonObject { ["ServiceArn"] = arn }, cancellationToken);

    private static IEnumerable<JsonObject> Elements(JsonObject answer) => answer["Services"]!.AsArray().Select(service => service!.AsObject());
}
