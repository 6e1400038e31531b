using System.CommandLine;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Platform;

namespace Sanbashi.Cli;

/// <summary>Options that every command takes.</summary>
internal static class GlobalOptions
{
    public static Option<bool> Json { get; } = new("--json")
    {
        Description = "Print the result as JSON on standard output.",
        Recursive = true,
    };

    public static Option<string?> Context { get; } = new("--context")
    {
        Description = "The platform to talk to, by its name in 'sanbashi context ls'. Default: $SANBASHI_CONTEXT, else the one chosen by 'context use', else the platform on this machine.",
        HelpName = "NAME",
        Recursive = true,
    };

    public static Option<string?> State { get; } = new("--state")
    {
        Description =
            "The state folder of a platform on this machine. Default: $SANBASHI_STATE, else /var/lib/sanbashi as root, ~/.local/share/sanbashi otherwise (or /var/lib/sanbashi if only that one runs).",
        HelpName = "DIR",
        Recursive = true,
    };

    public static Option<string?> Region { get; } = new("--region")
    {
        Description = "The region (a name space for services) to work in. Default: $SANBASHI_REGION, else the platform's, which is local-1 unless 'up --region' says otherwise.",
        HelpName = "NAME",
        Recursive = true,
    };

    public static void AddTo(RootCommand root)
    {
        root.Options.Add(Json);
        root.Options.Add(Context);
        root.Options.Add(State);
        root.Options.Add(Region);
    }

    /// <summary>The state folder for a command that cannot reach other machines, as a full path.</summary>
    public static string StateOfThisMachine(ParseResult parsed)
    {
        RequireThisMachine(parsed);
        return StateDirectory(parsed);
    }

    /// <summary>For a command that cannot reach other machines.</summary>
    /// <exception cref="CliException">A context of another machine is chosen: what was meant for that one must not happen to this one.</exception>
    public static void RequireThisMachine(ParseResult parsed)
    {
        var (name, context) = ContextStore.Choose(parsed.GetValue(Context));
        if (context is null || (parsed.GetValue(Context) is null && parsed.GetValue(State) is { Length: > 0 }))
        {
            return;
        }

        var command = parsed.CommandResult.Command.Name;
        var there = context.IsSsh ? $"There: ssh {new Uri(context.Url).GetComponents(UriComponents.UserInfo | UriComponents.Host, UriFormat.Unescaped)} sanbashi {command}. " : "";
        throw new CliException(
            ExitCodes.Usage, $"'{command}' works on the platform of this machine only, and commands talk to '{name}' ({context.Url}). {there}Here: sanbashi --context {ContextStore.Local} {command}");
    }

    /// <summary>The state folder that the command means, as a full path.</summary>
    public static string StateDirectory(ParseResult parsed) =>
        parsed.GetValue(State) is { Length: > 0 } state ? Path.GetFullPath(state) : PlatformPaths.FindState();
}
