using System.CommandLine;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Logs;
using Sanbashi.Cli.Services;

namespace Sanbashi.Cli.Exec;

/// <summary><c>svc exec</c>.</summary>
internal static class ExecCommand
{
    public static Command Create()
    {
        var name = ServiceReference.Argument();
        var words = new Argument<string[]>("COMMAND") { Description = "The command and its arguments, after --. Default: sh.", Arity = ArgumentArity.ZeroOrMore };
        var interactive = new Option<bool>("--interactive", "-i") { Description = "Send this command's input to it." };
        var terminal = new Option<bool>("--tty", "-t") { Description = "Give it a terminal of the size of this one." };
        var instance = new Option<string?>("--instance") { Description = "In this instance (its id, or the beginning of it). Default: any healthy one.", HelpName = "ID" };
        var container = new Option<string?>("--container") { Description = "In this container of the instance. Default: the main one.", HelpName = "NAME" };
        var command = new Command("exec", "Runs a command in an instance; -it for a shell. Its exit code is the command's; 125 when it could not be run.")
        {
            name, words, interactive, terminal, instance, container,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = await ConnectionFactory.Open(parsed, cancellationToken);
            var arn = await ServiceReference.Arn(platform, parsed.GetValue(name)!, cancellationToken);
            var wantsTerminal = parsed.GetValue(terminal);
            if (wantsTerminal && !RawTerminal.IsTerminal(0))
            {
                throw new CliException(ExitCodes.Usage, "-t needs a terminal, and this command's input is none. Leave -t out.");
            }

            var line = parsed.GetValue(words) is { Length: > 0 } given ? given : ["sh"];
            var input = new JsonObject
            {
                ["ServiceArn"] = arn,
                ["Command"] = new JsonArray([.. line.Select(word => (JsonNode)word)]),
                ["Interactive"] = wantsTerminal,
            };
            if (wantsTerminal)
            {
                input["Rows"] = Math.Max(1, Console.WindowHeight);
                input["Columns"] = Math.Max(1, Console.WindowWidth);
            }

            if (parsed.GetValue(instance) is { } prefix)
            {
                input["InstanceId"] = await InstanceReference.Id(platform, arn, prefix, cancellationToken);
            }

            if (parsed.GetValue(container) is { } containerName)
            {
                input["ContainerName"] = containerName;
            }

            var session = await platform.Api.Sanbashi("ExecuteCommand", input, cancellationToken);
            return await Run(platform, (string)session["StreamUrl"]!, parsed.GetValue(interactive), wantsTerminal, cancellationToken);
        });
        return command;
    }

    private static async Task<int> Run(PlatformConnection platform, string streamUrl, bool sendInput, bool hasTerminal, CancellationToken cancellationToken)
    {
        using var socket = new ClientWebSocket();
        try
        {
            await socket.ConnectAsync(SameHost(platform, streamUrl), cancellationToken);
        }
        catch (WebSocketException failure)
        {
            throw new CliException(ExecExitCodes.CouldNotRun, $"The session {streamUrl} could not be opened: {failure.Message}", failure);
        }

        using var modes = hasTerminal ? new RawTerminal() : null;
        using var session = new ExecSession(socket, hasTerminal);
        return await session.Run(sendInput, cancellationToken);
    }

    /// <summary>The platform names its own address; from here it may be another one (a tunnel), with the same path.</summary>
    private static Uri SameHost(PlatformConnection platform, string streamUrl)
    {
        var url = new Uri(streamUrl);
        return new UriBuilder(url)
        {
            Scheme = platform.Endpoint.Scheme == "https" ? "wss" : "ws",
            Host = platform.Endpoint.Host,
            Port = platform.Endpoint.Port,
        }.Uri;
    }
}
