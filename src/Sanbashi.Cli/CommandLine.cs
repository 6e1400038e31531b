using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using Sanbashi.Cli.Platform;
using Sanbashi.Cli.Terminal;

namespace Sanbashi.Cli;

/// <summary>All commands, and the one place where failures become messages and exit codes.</summary>
internal static class CommandLine
{
    public static int Run(string[] arguments)
    {
        var parsed = Root().Parse(arguments);
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
        {
            return ReportUsage(parsed);
        }

        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
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
            VersionCommand.Create(),
        };
        GlobalOptions.AddTo(root);
        return root;
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
