using System.CommandLine;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Services;

namespace Sanbashi.Cli.Logs;

/// <summary><c>svc logs</c>.</summary>
internal static class LogsCommand
{
    private static readonly TimeSpan _followPause = TimeSpan.FromMilliseconds(500);

    public static Command Create()
    {
        var name = ServiceReference.Argument();
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on as lines are written, until Ctrl-C." };
        var since = new Option<string?>("--since")
        {
            Description = "Only lines since then: a duration (10m, 2h) or a time (2026-11-21T08:00:00). Default: everything that is kept; with --follow the last 10 minutes.",
            HelpName = "WHEN",
        };
        var instance = new Option<string?>("--instance") { Description = "Only of this instance (its id, or the beginning of it).", HelpName = "ID" };
        var access = new Option<bool>("--access") { Description = "The access log: one line of JSON per request." };
        var events = new Option<bool>("--events") { Description = "What happened to the service." };
        var deployment = new Option<bool>("--deployment") { Description = "The steps of the last deployment." };
        var operation = new Option<string?>("--operation") { Description = "With --deployment: of this operation instead of the last one.", HelpName = "ID" };
        var command = new Command("logs", "Prints a service's logs, oldest first: by default what its application writes.")
        {
            name, follow, since, instance, access, events, deployment, operation,
        };
        command.Validators.Add(result =>
        {
            if (((Option<bool>[])[access, events, deployment]).Count(option => result.GetValue(option)) > 1)
            {
                result.AddError("Choose one of --access, --events and --deployment.");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
            var isFollowing = parsed.GetValue(follow);
            var type = parsed.GetValue(access) ? LogTypes.Access
                : parsed.GetValue(events) ? LogTypes.Events
                : parsed.GetValue(deployment) || parsed.GetValue(operation) is not null ? LogTypes.Deployment
                : LogTypes.Application;
            var arn = await ServiceReference.Arn(platform, parsed.GetValue(name)!, cancellationToken);
            var operationId = parsed.GetValue(operation);
            if (type == LogTypes.Deployment && operationId is null)
            {
                operationId = await LastOperation.Id(platform, arn, cancellationToken);
            }

            var query = new LogQuery(arn, type)
            {
                Since = LogMoment.Parse(parsed.GetValue(since), isFollowing && type is LogTypes.Application or LogTypes.Access, TimeProvider.System),
                OperationId = operationId,
                InstanceId = parsed.GetValue(instance) is { } prefix ? await InstanceReference.Id(platform, arn, prefix, cancellationToken) : null,
            };
            return await Print(new LogReader(platform.Api, query), new LogPrinter(type, parsed.GetValue(GlobalOptions.Json)), isFollowing, cancellationToken);
        });
        return command;
    }

    private static async Task<int> Print(LogReader reader, LogPrinter printer, bool isFollowing, CancellationToken cancellationToken)
    {
        var patience = new Patience(TimeProvider.System);
        try
        {
            while (true)
            {
                var lines = isFollowing ? await patience.Ask(() => reader.ReadNew(cancellationToken), cancellationToken) : await reader.ReadNew(cancellationToken);
                foreach (var line in lines)
                {
                    printer.Print(line);
                }

                printer.Flush();
                if (lines.Count == 0)
                {
                    if (!isFollowing)
                    {
                        return ExitCodes.Success;
                    }

                    await Task.Delay(_followPause, TimeProvider.System, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (isFollowing)
        {
            // Ctrl-C is how following ends.
            return ExitCodes.Success;
        }
    }
}
