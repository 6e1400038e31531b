using System.CommandLine;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Terminal;

namespace Sanbashi.Cli.Platform;

internal static class VersionCommand
{
    public static Command Create()
    {
        var command = new Command("version", "Prints the version of this program.");
        command.SetAction(parsed => Console.Out.WriteLine(parsed.GetValue(GlobalOptions.Json)
            ? new JsonObject { ["version"] = ProductVersion.Text, ["runtime"] = Environment.Version.ToString() }.ToJsonString(JsonText.Options)
            : ProductVersion.Text));
        return command;
    }
}
