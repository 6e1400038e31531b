using System.Text;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Services;

namespace Sanbashi.Cli.Logs;

/// <summary>Writes log lines to standard output: for people with local time, as JSON one object a line.</summary>
internal sealed class LogPrinter(string type, bool json)
{
    private const int ShortId = 8;
    private readonly StringBuilder _pending = new();
    private readonly bool _isTerminal = !Console.IsOutputRedirected;

    public void Print(LogEvent line)
    {
        if (json)
        {
            var fields = new JsonObject { ["timestamp"] = line.Timestamp.ToString("O"), ["message"] = line.Message };
            if (line.Stream is not null)
            {
                fields["stream"] = line.Stream;
            }

            _pending.Append(fields.ToJsonString()).Append('\n');
            return;
        }

        var (dim, plain) = _isTerminal ? ("\u001b[90m", "\u001b[0m") : ("", "");
        _pending.Append(dim).Append(ServiceText.Local(line.Timestamp));
        if (type is LogTypes.Application && line.Stream is { } stream)
        {
            _pending.Append(' ').Append(Short(stream));
        }

        _pending.Append(plain).Append("  ").Append(type == LogTypes.Deployment ? ServiceText.Step(line.Message) : line.Message).Append('\n');
    }

    /// <summary>Writes what was printed in one go: a log of many lines would otherwise cost a system call each.</summary>
    public void Flush()
    {
        Console.Out.Write(_pending);
        _pending.Clear();
    }

    /// <summary><c>instance/&lt;id&gt;</c> by the beginning of its id.</summary>
    private static string Short(string stream)
    {
        var id = stream[(stream.LastIndexOf('/') + 1)..];
        return id[..Math.Min(ShortId, id.Length)];
    }
}
