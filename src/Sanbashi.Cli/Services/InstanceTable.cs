using System.Text.Json.Nodes;
using Sanbashi.Cli.Terminal;
using Spectre.Console;

namespace Sanbashi.Cli.Services;

internal static class InstanceTable
{
    private const int ShortId = 12;

    public static void Write(JsonArray instances)
    {
        if (instances.Count == 0)
        {
            Console.Error.WriteLine("No instances.");
            return;
        }

        var table = Tables.List("INSTANCE", "REVISION", "STATE", "HEALTH", "UP", "ENDPOINT");
        foreach (var instance in instances)
        {
            var id = (string?)instance!["InstanceId"] ?? "";
            table.AddRow(
                id[..Math.Min(ShortId, id.Length)],
                instance["Revision"]?.ToString() ?? "-",
                ServiceText.Status((string?)instance["State"]),
                ServiceText.Status((string?)instance["Health"]),
                ServiceText.Age(instance["StartedAt"], TimeProvider.System),
                ((string?)instance["Endpoint"] ?? "-").EscapeMarkup());
        }

        Output.Result.Write(table);
    }
}
