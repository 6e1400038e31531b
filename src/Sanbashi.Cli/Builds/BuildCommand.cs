using System.CommandLine;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Terminal;

namespace Sanbashi.Cli.Builds;

/// <summary><c>sanbashi build</c>: an image without a service.</summary>
internal static class BuildCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "The folder to build from; .dockerignore is honoured." };
        var tag = new Option<string>("--tag", "-t") { Description = "The image's name.", HelpName = "NAME", Required = true };
        var dockerfile = new Option<string?>("--dockerfile", "-f") { Description = "The Dockerfile, relative to the folder. Default Dockerfile.", HelpName = "FILE" };
        var command = new Command("build", "Builds an image with the platform's engine, for services to run by its name.") { folder, tag, dockerfile };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
            var json = parsed.GetValue(GlobalOptions.Json);
            var built = await ImageBuild.Run(platform, parsed.GetValue(folder)!, parsed.GetValue(dockerfile) ?? "Dockerfile", parsed.GetValue(tag)!, json, cancellationToken);
            Console.Out.WriteLine(json ? new JsonObject { ["ImageId"] = built.ImageId, ["Tag"] = built.Tag }.ToJsonString(JsonText.Options) : built.Tag);
        });
        return command;
    }
}
