using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Sanbashi.Cli.Backups;
using Sanbashi.Cli.Builds;
using Sanbashi.Cli.Completion;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Installing;
using Sanbashi.Cli.Platform;
using Sanbashi.Cli.Reference;
using Sanbashi.Cli.Terminal;

namespace Sanbashi.Cli;

/// <summary>All commands, and the one place where failures become messages and exit codes.</summary>
internal static class CommandLine
{
    /// <summary>After Ctrl-C a command may still say what goes on without it.</summary>
    private static readonly TimeSpan _interruptTimeout = TimeSpan.FromSeconds(10);

    public static int Run(string[] arguments)
    {
        // What follows 'aws' belongs to it, also what looks like an option or a request for help of ours.
        var aws = PositionOfAws(arguments);
        var parsed = Root().Parse(aws < 0 ? arguments : arguments[..(aws + 1)]);
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
        {
            return ReportUsage(parsed);
        }

        try
        {
            return aws >= 0
                ? AwsCommand.Run(parsed, arguments[(aws + 1)..], CancellationToken.None).GetAwaiter().GetResult()
                : parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = _interruptTimeout });
        }
        catch (Exception failure)
        {
            return FailureReport.Write(failure, parsed.GetValue(GlobalOptions.Json));
        }
    }

    public static RootCommand Root()
    {
        var root = new RootCommand("Runs containerised web services on machines you own, through the App Runner API.")
        {
            UpCommand.Create(),
            DownCommand.Create(),
            StatusCommand.Create(),
            RestartCommand.Create(),
            Services.ServiceCommand.Create(),
            Secrets.SecretCommand.Create(),
            BuildCommand.Create(),
            AwsCommand.Create(),
            EnvCommand.Create(),
            Users.UserCommand.Create(),
            InstallCommand.Create(),
            TrustCommand.Create(),
            ContextCommand.Create(),
            BackupCommand.Create(),
            RestoreCommand.Create(),
            CompletionCommand.Create(),
            DocsCommand.Create(),
            VersionCommand.Create(),
        };
        GlobalOptions.AddTo(root);

        // The Windows spellings of --help would only clutter completions here.
        foreach (var spelling in (string[])["/h", "/?", "-?"])
        {
            root.Options.OfType<HelpOption>().Single().Aliases.Remove(spelling);
        }

        return root;
    }

    /// <summary>Where <c>aws</c> stands as the command: after nothing but our own options.</summary>
    internal static int PositionOfAws(IReadOnlyList<string> arguments)
    {
        string[] withValue = [GlobalOptions.Context.Name, GlobalOptions.State.Name, GlobalOptions.Region.Name];
        for (var index = 0; index < arguments.Count; index++)
        {
            if (arguments[index] == AwsCommand.Name)
            {
                return index;
            }

            if (!arguments[index].StartsWith("--", StringComparison.Ordinal))
            {
                return -1;
            }

            index += withValue.Contains(arguments[index]) ? 1 : 0;
        }

        return -1;
    }

    private static int ReportUsage(ParseResult parsed)
    {
        if (parsed.UnmatchedTokens.Count == 0 && parsed.CommandResult.Command.Subcommands.Count > 0)
        {
            // Nothing but the name of a group of commands: what there is in it is the answer.
            new HelpAction().Invoke(parsed);
            return ExitCodes.Usage;
        }

        // That a command is missing follows from a word that is none, which has its own message.
        var isUnknownWord = parsed.UnmatchedTokens.Count > 0;
        foreach (var error in parsed.Errors.Where(error => !isUnknownWord || error.SymbolResult is not CommandResult { Command.Subcommands.Count: > 0 } || error.Message.Contains(parsed.UnmatchedTokens[0])))
        {
            Console.Error.WriteLine(error.Message);
        }

        if (isUnknownWord && Spelling.Nearest(parsed.UnmatchedTokens[0], Known(parsed.CommandResult)) is { } near)
        {
            Console.Error.WriteLine($"Did you mean '{near}'?");
        }

        Console.Error.WriteLine($"'{string.Join(' ', Path(parsed.CommandResult))} --help' shows what is possible.");
        return ExitCodes.Usage;
    }

    private static IEnumerable<string> Known(CommandResult result) =>
        result.Command.Subcommands.Where(command => !command.Hidden).Select(command => command.Name)
            .Concat(result.Command.Options.Select(option => option.Name))
            .Concat(result.Command.Parents.OfType<Command>().SelectMany(parent => parent.Options).Where(option => option.Recursive).Select(option => option.Name));

    private static IEnumerable<string> Path(CommandResult result) =>
        (result.Parent is CommandResult parent ? Path(parent) : []).Append(result.Command is RootCommand ? "sanbashi" : result.Command.Name);
}
