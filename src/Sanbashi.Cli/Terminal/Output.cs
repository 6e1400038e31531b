using Spectre.Console;

namespace Sanbashi.Cli.Terminal;

/// <summary>Results go to standard output, everything else to standard error, so that a pipe gets the result alone.</summary>
internal static class Output
{
    // A pipe has no width; what reads it must not meet lines that were broken for a screen of 80 columns.
    private const int PipeWidth = 10_000;

    public static IAnsiConsole Result { get; } = Make(Console.Out, Console.IsOutputRedirected);

    public static IAnsiConsole Progress { get; } = Make(Console.Error, Console.IsErrorRedirected);

    private static IAnsiConsole Make(TextWriter writer, bool isRedirected)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            Interactive = isRedirected ? InteractionSupport.No : InteractionSupport.Detect,
        });
        if (isRedirected)
        {
            console.Profile.Width = PipeWidth;
        }

        return console;
    }
}
