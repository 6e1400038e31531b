using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Terminal;
using Spectre.Console;

namespace Sanbashi.Cli.Contexts;

/// <summary><c>sanbashi context</c>.</summary>
internal static class ContextCommand
{
    public static Command Create() => new("context", "The platforms that commands can talk to. 'local', the one on this machine, is always there.")
    {
        List(), Add(), Use(), Remove(),
    };

    private static Command List()
    {
        var command = new Command("ls", "Lists the contexts; * marks the one that commands use.");
        command.Aliases.Add("list");
        command.SetAction(parsed =>
        {
            var file = ContextStore.Load();
            var chosen = ContextStore.Choose(parsed.GetValue(GlobalOptions.Context)).Name;
            if (parsed.GetValue(GlobalOptions.Json))
            {
                var contexts = JsonSerializer.SerializeToNode(file, ContextJsonContext.Default.ContextFile)!["contexts"]!.DeepClone();
                Console.Out.WriteLine(new JsonObject { ["chosen"] = chosen, ["contexts"] = contexts }.ToJsonString(JsonText.Options));
                return;
            }

            var table = Tables.List("", "NAME", "URL", "REGION");
            table.AddRow(chosen == ContextStore.Local ? "*" : "", ContextStore.Local, "this machine", "");
            foreach (var (name, context) in file.Contexts)
            {
                table.AddRow(chosen == name ? "*" : "", name.EscapeMarkup(), context.Url.EscapeMarkup(), (context.Region ?? "").EscapeMarkup());
            }

            Output.Result.Write(table);
        });
        return command;
    }

    private static Command Add()
    {
        var name = new Argument<string>("NAME") { Description = "What to call it." };
        var url = new Argument<string>("URL") { Description = "ssh://[USER@]HOST[:PORT] of the platform's machine, or http(s)://HOST:PORT of its API." };
        var credentials = new Option<string?>("--credentials") { Description = "For http(s): the platform's credentials file, copied from there.", HelpName = "FILE" };
        var command = new Command("add", "Adds a platform, or replaces one of that name. --state names its state folder over ssh, --region its default region.") { name, url, credentials };
        command.SetAction(parsed =>
        {
            var context = Read(parsed, parsed.GetValue(url)!, parsed.GetValue(credentials));
            var key = parsed.GetValue(name)!;
            if (key is ContextStore.Local)
            {
                throw new CliException(ExitCodes.Usage, $"'{ContextStore.Local}' is always the platform on this machine. Choose another name.");
            }

            var file = ContextStore.Load();
            ContextStore.Save(file with { Contexts = new Dictionary<string, PlatformContext>(file.Contexts) { [key] = context } });
            Console.Error.WriteLine($"Added {key}: {context.Url}. Use it once with --context {key}, or from now on with 'sanbashi context use {key}'.");
        });
        return command;
    }

    private static Command Use()
    {
        var name = Existing();
        var command = new Command("use", "Chooses the context that commands use from now on.") { name };
        command.SetAction(parsed =>
        {
            var chosen = ContextStore.Choose(parsed.GetValue(name)).Name;
            ContextStore.Save(ContextStore.Load() with { Current = chosen == ContextStore.Local ? null : chosen });
            Console.Error.WriteLine($"Commands now talk to '{chosen}'.");
        });
        return command;
    }

    private static Command Remove()
    {
        var name = Existing();
        var command = new Command("rm", "Forgets a context; the platform itself is not touched.") { name };
        command.SetAction(parsed =>
        {
            var key = parsed.GetValue(name)!;
            if (key is ContextStore.Local)
            {
                throw new CliException(ExitCodes.Usage, $"'{ContextStore.Local}' cannot be removed: it is the platform on this machine.");
            }

            _ = ContextStore.Choose(key);
            var file = ContextStore.Load();
            var rest = file.Contexts.Where(context => context.Key != key).ToDictionary();
            ContextStore.Save(new ContextFile(file.Current == key ? null : file.Current, rest));
            Console.Error.WriteLine($"Forgot {key}.{(file.Current == key ? " Commands now talk to the platform on this machine." : "")}");
        });
        return command;
    }

    private static Argument<string> Existing()
    {
        var name = new Argument<string>("NAME") { Description = "The context." };
        name.CompletionSources.Add(_ => ContextStore.Load().Contexts.Keys.Prepend(ContextStore.Local).Select(key => new System.CommandLine.Completions.CompletionItem(key)));
        return name;
    }

    private static PlatformContext Read(ParseResult parsed, string url, string? credentials)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("ssh" or "http" or "https") || uri.Host.Length == 0)
        {
            throw new CliException(ExitCodes.Usage, $"'{url}' is no address of a platform. Write ssh://USER@HOST or http://HOST:4600.");
        }

        var isSsh = uri.Scheme == "ssh";
        if (isSsh == (credentials is not null))
        {
            throw new CliException(ExitCodes.Usage, isSsh
                ? "Over ssh the key is read on the other machine; leave --credentials out."
                : $"Calls to {url} need its key: copy the file 'credentials' from the platform's state folder and name it with --credentials FILE.");
        }

        if (credentials is not null && !File.Exists(credentials))
        {
            throw new CliException(ExitCodes.NotFound, $"There is no file {credentials}.");
        }

        return new PlatformContext(
            isSsh ? url.TrimEnd('/') : uri.GetLeftPart(UriPartial.Authority),
            parsed.GetValue(GlobalOptions.Region),
            credentials is null ? null : Path.GetFullPath(credentials),
            isSsh ? parsed.GetValue(GlobalOptions.State) : null);
    }
}
