using System.Runtime.CompilerServices;
using System.Text;

namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <summary>What happened, line by line; kept only when somebody will read it.</summary>
internal sealed class Trace(VirtualClock clock, bool isKept)
{
    private readonly StringBuilder _text = new();

    public bool IsKept => isKept;

    public void Note([InterpolatedStringHandlerArgument("")] ref LineHandler line)
    {
        if (isKept)
        {
            _text.Append($"{clock.Elapsed.TotalSeconds,10:0.0000}  ").Append(line.Text).Append('\n');
        }
    }

    public override string ToString() => _text.ToString();

    /// <summary>Formats nothing when the trace is not kept.</summary>
    [InterpolatedStringHandler]
    public readonly struct LineHandler
    {
        private readonly StringBuilder? _text;

        public LineHandler(int literalLength, int formattedCount, Trace trace, out bool isWanted)
        {
            isWanted = trace.IsKept;
            _text = isWanted ? new StringBuilder(literalLength + (formattedCount * 8)) : null;
        }

        public string Text => _text?.ToString() ?? "";

        public void AppendLiteral(string text) => _text!.Append(text);

        public void AppendFormatted<T>(T value) => _text!.Append(value);

        public void AppendFormatted<T>(T value, string format)
            where T : IFormattable => _text!.Append(value.ToString(format, null));
    }
}
