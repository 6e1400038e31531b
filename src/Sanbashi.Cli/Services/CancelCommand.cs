using System.CommandLine;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Services.Watching;

namespace Sanbashi.Cli.Services;

/// <summary><c>svc cancel</c>.</summary>
internal static class CancelCommand
{
    public static Command Create()
    {
        var name = ServiceReference.Argument();
        var operation = new Option<string?>("--operation") { Description = "The operation to stop. Default: the one in progress.", HelpName = "ID" };
        var watch = new WatchOptions();
        var command = new Command("cancel", "Stops a running deployment; what runs before it goes on serving. Exit code 1 when it had succeeded before it could be stopped.") { name, operation };
        watch.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
            var service = await ServiceReference.Describe(platform, parsed.GetValue(name)!, cancellationToken);
            var arn = (string)service["ServiceArn"]!;
            var input = new JsonObject { ["ServiceArn"] = arn };
            if (parsed.GetValue(operation) is { } id)
            {
                input["OperationId"] = id;
            }

            var cancelled = (string)(await platform.Api.Sanbashi("CancelOperation", input, cancellationToken))["OperationId"]!;
            var serviceName = (string)service["ServiceName"]!;
            return await new OperationFollower(platform, watch, parsed, TimeProvider.System).Follow(
                $"Cancelling the deployment of {serviceName}", arn, serviceName, cancelled, cancellationToken, isCancellation: true);
        });
        return command;
    }
}
