using System.CommandLine;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Terminal;
using Spectre.Console;

namespace Sanbashi.Cli.Services;

/// <summary><c>svc show</c>: what a service is.</summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var name = ServiceReference.Argument();
        var command = new Command("show", "Shows what a service is: image, size, health check, variables, addresses.") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
            var service = await ServiceReference.Describe(platform, parsed.GetValue(name)!, cancellationToken);
            if (parsed.GetValue(GlobalOptions.Json))
            {
                Console.Out.WriteLine(service.ToJsonString(JsonText.Options));
                return;
            }

            var revisions = (await platform.Api.Sanbashi("ListRevisions", new JsonObject { ["ServiceArn"] = (string)service["ServiceArn"]! }, cancellationToken))["Revisions"]!.AsArray();
            Output.Result.Write(Facts(service, TrafficCommand.Canary(revisions), platform));
        });
        return command;
    }

    private static Table Facts(JsonObject service, string? canary, PlatformConnection platform)
    {
        var facts = Tables.Facts();
        void Add(string name, string? value)
        {
            if (!string.IsNullOrEmpty(value))
            {
                facts.AddRow(name, value.EscapeMarkup());
            }
        }

        var image = service["SourceConfiguration"]?["ImageRepository"];
        var configuration = image?["ImageConfiguration"];
        var health = service["HealthCheckConfiguration"];
        var addresses = ServiceAddresses.Of(service, platform);
        facts.AddRow("name", $"[bold]{((string?)service["ServiceName"]).EscapeMarkup()}[/]");
        facts.AddRow("status", ServiceText.Status((string?)service["Status"]));
        Add("canary", canary is null ? null : $"revision {canary}; the image and all below are its own");
        Add("URL", addresses?.Url);
        Add("everywhere", addresses?.Everywhere);
        Add("image", (string?)image?["ImageIdentifier"]);
        Add("port", (string?)configuration?["Port"]);
        Add("command", (string?)configuration?["StartCommand"]);
        Add("size", ServiceText.Size(service["InstanceConfiguration"]));
        Add("health check", (string?)health?["Protocol"] == "HTTP"
            ? $"GET {health?["Path"]} every {health?["Interval"]} s, answer within {health?["Timeout"]} s"
            : $"connects to the port every {health?["Interval"]} s");
        Add("scaling", (string?)service["AutoScalingConfigurationSummary"]?["AutoScalingConfigurationName"]);
        Add("created", ServiceText.Time(service["CreatedAt"]) is { } created ? ServiceText.Local(created) : null);
        Add("updated", ServiceText.Time(service["UpdatedAt"]) is { } updated ? ServiceText.Local(updated) : null);
        Add("ARN", (string?)service["ServiceArn"]);
        var title = "variables";
        foreach (var (key, value) in configuration?["RuntimeEnvironmentVariables"]?.AsObject() ?? [])
        {
            facts.AddRow(title, $"{key}={(string?)value}".EscapeMarkup());
            title = "";
        }

        title = "secrets";
        foreach (var (key, value) in configuration?["RuntimeEnvironmentSecrets"]?.AsObject() ?? [])
        {
            facts.AddRow(title, $"{key} from {(string?)value}".EscapeMarkup());
            title = "";
        }

        return facts;
    }
}
