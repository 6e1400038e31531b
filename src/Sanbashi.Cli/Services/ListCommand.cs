using System.CommandLine;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Terminal;
using Spectre.Console;

namespace Sanbashi.Cli.Services;

/// <summary><c>svc ls</c>.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var command = new Command("ls", "Lists the services of the region. A deleted one is not listed, but 'svc show' with its ARN describes it for another hour.");
        command.Aliases.Add("list");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
            var services = await ServiceReference.List(platform.Api, cancellationToken);
            if (parsed.GetValue(GlobalOptions.Json))
            {
                Console.Out.WriteLine(new JsonArray([.. services.Select(service => service.DeepClone())]).ToJsonString(JsonText.Options));
                return;
            }

            if (services.Count == 0)
            {
                Console.Error.WriteLine($"There are no services in region {platform.Region}. Create one: sanbashi svc create --name hello --image IMAGE");
                return;
            }

            var table = Tables.List("NAME", "STATUS", "AGE", "URL");
            foreach (var service in services)
            {
                table.AddRow(
                    ((string?)service["ServiceName"]).EscapeMarkup(),
                    ServiceText.Status((string?)service["Status"]),
                    ServiceText.Age(service["CreatedAt"], TimeProvider.System),
                    (ServiceAddresses.Of(service, platform)?.Url ?? "-").EscapeMarkup());
            }

            Output.Result.Write(table);
        });
        return command;
    }
}
