using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Sanbashi.Cli.Backups;
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
            AwsCommand.Create(),
            EnvCommand.Create(),
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
        foreach (var error in parsed.Errors)
        {
            Console.Error.WriteLine(error.Message);
        }

        var path = string.Join(' ', Path(parsed.CommandResult));
        Console.Error.WriteLine($"'{path} --help' shows what is possible.");
        return ExitCodes.Usage;
    }

    private static IEnumerable<string> Path(CommandResult result) =>
        (result.Parent is CommandResult parent ? Path(parent) : []).Append(result.Command is RootCommand ? "sanbashi" : result.Command.Name);
}
