using System.CommandLine;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Services.Watching;

namespace Sanbashi.Cli.Services;

/// <summary>The commands that are one call each and then follow its operation.</summary>
internal static class VerbCommands
{
    public static Command Redeploy() => Verb(
        "redeploy", "Deploys the image again as its tag stands now, beside what runs.", "Deploying {0}",
        (api, arn, token) => api.AppRunner("StartDeployment", arn, token));

    public static Command Promote() => Verb(
        "promote", "Gives all requests to the canary, the revision that a deployment with the setting traffic has brought up beside the serving one.", "Promoting the canary of {0}",
        (api, arn, token) => api.Sanbashi("PromoteService", arn, token));

    public static Command Rollback() => Verb(
        "rollback", "Takes the canary back; without one, brings the previous revision back. Builds and pulls nothing.", "Rolling {0} back",
        (api, arn, token) => api.Sanbashi("RollbackService", arn, token));

    public static Command Pause() => Verb(
        "pause", "Stops a service's instances until 'resume'; its URL answers 503 meanwhile.", "Pausing {0}",
        (api, arn, token) => api.AppRunner("PauseService", arn, token));

    public static Command Resume() => Verb(
        "resume", "Starts a paused service again.", "Resuming {0}",
        (api, arn, token) => api.AppRunner("ResumeService", arn, token));

    public static Command Delete()
    {
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask. Needed where nobody can answer." };
        var command = Verb(
            "delete", "Deletes a service with its instances. Volumes stay.", "Deleting {0}",
            (api, arn, token) => api.AppRunner("DeleteService", arn, token),
            (parsed, name) => parsed.GetValue(yes) || Asked(name));
        command.Options.Add(yes);
        return command;
    }

    private static Command Verb(
        string verb, string description, string doing, Func<PlatformApi, JsonObject, CancellationToken, Task<JsonObject>> call, Func<ParseResult, string, bool>? confirm = null)
    {
        var name = ServiceReference.Argument();
        var watch = new WatchOptions();
        var command = new Command(verb, description) { name };
        watch.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
            var service = await ServiceReference.Describe(platform, parsed.GetValue(name)!, cancellationToken);
            var serviceName = (string)service["ServiceName"]!;
            if (confirm is not null && !confirm(parsed, serviceName))
            {
                throw new CliException(ExitCodes.Failed, $"{serviceName} was left as it is.");
            }

            var arn = (string)service["ServiceArn"]!;
            var answer = await call(platform.Api, new JsonObject { ["ServiceArn"] = arn }, cancellationToken);
            var follower = new OperationFollower(platform, watch, parsed, TimeProvider.System);
            return await follower.Follow(
                string.Format(System.Globalization.CultureInfo.InvariantCulture, doing, serviceName), arn, serviceName, (string?)answer["OperationId"], cancellationToken);
        });
        return command;
    }

    private static bool Asked(string name)
    {
        if (Console.IsInputRedirected)
        {
            throw new CliException(ExitCodes.Usage, $"Deleting {name} needs a yes, and nobody can be asked here. Add --yes.");
        }

        Console.Error.Write($"Delete {name} and its instances? Type its name to confirm: ");
        return Console.In.ReadLine()?.Trim() == name;
    }
}
