using System.CommandLine;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Logs;
using Sanbashi.Cli.Services.Watching;

namespace Sanbashi.Cli.Services;

/// <summary><c>svc watch</c>.</summary>
internal static class WatchCommand
{
    public static Command Create()
    {
        var name = ServiceReference.Argument();
        var operation = new Option<string?>("--operation") { Description = "Of this operation. Default: the last one.", HelpName = "ID" };
        var watch = new WatchOptions();
        var command = new Command("watch", "Follows a deployment that something else started to its end, with its steps from the beginning. Exit code 1 when it failed.") { name, operation };
        watch.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
            var arn = await ServiceReference.Arn(platform, parsed.GetValue(name)!, cancellationToken);
            var service = await ServiceReference.DescribeArn(platform.Api, arn, cancellationToken);
            var operationId = parsed.GetValue(operation) ?? await LastOperation.Id(platform, arn, cancellationToken);
            var serviceName = (string)service["ServiceName"]!;
            return await new OperationFollower(platform, watch, parsed, TimeProvider.System).Follow($"Watching {serviceName}", arn, serviceName, operationId, cancellationToken);
        });
        return command;
    }
}
