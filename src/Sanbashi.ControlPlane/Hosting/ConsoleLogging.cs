using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Sanbashi.ControlPlane.Hosting;

/// <summary>How the platform's processes log: one line per message on standard output, which the supervisor stamps and keeps in files.</summary>
public static class ConsoleLogging
{
    /// <summary>Least level that is written: Trace, Debug, Information (default), Warning, Error or Critical.</summary>
    public const string LevelVariable = "SANBASHI_LOG_LEVEL";

    /// <summary>Lines that may wait for the supervisor to read them; further ones are dropped, because serving matters more than saying so.</summary>
    private const int QueueLength = 4096;

    public static void Configure(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.SetMinimumLevel(Enum.TryParse<LogLevel>(Environment.GetEnvironmentVariable(LevelVariable), ignoreCase: true, out var level) ? level : LogLevel.Information);

        // The framework's own chatter per request and start is not news.
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.ColorBehavior = LoggerColorBehavior.Disabled;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console =>
        {
            console.MaxQueueLength = QueueLength;
            console.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
    }
}
