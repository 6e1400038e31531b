using System.Text;

namespace Sanbashi.Engines.Docker.Logs;

/// <summary>
/// Makes lines of stamped frames: joins the parts that an engine cuts long lines into, and keeps the cursor.
/// <para>
/// A cursor is a stamp and a count: read since that stamp (inclusive), that many lines are known already. The stamp is the newest seen, so that little is read
/// twice, but never newer than the beginning of a line that is still incomplete, so that nothing is read by half.
/// </para>
/// </summary>
internal sealed class LogAssembler
{
    /// <summary>A longer line is handed over in pieces: 256 KiB.</summary>
    public const int LongestLine = 256 * 1024;

    /// <summary>Lines remembered while one on the other stream is incomplete; past that the cursor moves on.</summary>
    private const int MostRemembered = 10_000;

    private readonly OpenLine _output = new(isError: false);
    private readonly OpenLine _errors = new(isError: true);
    private readonly List<long> _stamps = [];
    private readonly LogCursor? _after;
    private long _newest = long.MinValue;
    private int _toSkip;
    private bool _isFirst = true;

    public LogAssembler(LogCursor? after)
    {
        _after = after;
        _toSkip = after?.CountAtStamp ?? 0;
    }

    /// <summary>The lines that a frame completes; usually one.</summary>
    public IEnumerable<LogLine> Accept(bool isError, ReadOnlySpan<byte> frame)
    {
        var lines = new List<LogLine>(1);
        var open = isError ? _errors : _output;
        var text = frame;
        var stamp = _newest == long.MinValue ? 0 : _newest;
        var space = frame.IndexOf((byte)' ');
        if (space > 0 && EngineTimestamp.TryParse(frame[..space], out var parsed))
        {
            stamp = parsed;
            text = frame[(space + 1)..];
        }

        if (_isFirst)
        {
            _isFirst = false;
            NoteGap(stamp, lines);
        }

        open.Begin(stamp);
        var isComplete = text.EndsWith((byte)'\n');
        text = isComplete ? text[..^1] : text;
        while (open.Length + text.Length > LongestLine)
        {
            var room = LongestLine - open.Length;
            open.Append(text[..room]);
            text = text[room..];
            Complete(open, lines);
            open.Begin(stamp);
        }

        open.Append(text);
        if (isComplete)
        {
            Complete(open, lines);
        }

        return lines;
    }

    /// <summary>The container has ended: what it wrote last without a line end.</summary>
    public IEnumerable<LogLine> Finish()
    {
        var lines = new List<LogLine>();
        foreach (var open in new[] { _output, _errors })
        {
            if (open.Length > 0)
            {
                Complete(open, lines);
            }
        }

        return lines;
    }

    private void Complete(OpenLine open, List<LogLine> lines)
    {
        var (stamp, text) = open.Take();
        _newest = Math.Max(_newest, stamp);
        if (_toSkip > 0)
        {
            _toSkip--;
            _stamps.Add(stamp);
            Trim();
            return;
        }

        _stamps.Add(stamp);
        lines.Add(new LogLine(EngineTimestamp.Moment(stamp), open.IsError, text, Cursor()));
    }

    private LogCursor Cursor()
    {
        Trim();
        var from = Origin();
        return new LogCursor(EngineTimestamp.Moment(from), from, _stamps.Count);
    }

    private long Origin()
    {
        var from = _newest;
        from = _output.Stamp is { } output ? Math.Min(from, output) : from;
        return _errors.Stamp is { } errors ? Math.Min(from, errors) : from;
    }

    private void Trim()
    {
        var from = Origin();
        if (_stamps.Count > MostRemembered)
        {
            from = _newest;
            _output.GiveUpStamp();
            _errors.GiveUpStamp();
        }

        _stamps.RemoveAll(stamp => stamp < from);
    }

    /// <summary>What was read last must come first again; if it does not, the engine has rotated it away, and with it perhaps lines that nobody read.</summary>
    private void NoteGap(long first, List<LogLine> lines)
    {
        if (_after is not null && first > _after.Nanoseconds)
        {
            _toSkip = 0;
            lines.Add(new LogLine(EngineTimestamp.Moment(first), true, "[sanbashi] output is missing here: the engine's log files were rotated before it was read", _after));
        }
    }

    private sealed class OpenLine(bool isError)
    {
        private readonly MemoryStream _text = new();

        public bool IsError { get; } = isError;

        public int Length => (int)_text.Length;

        /// <summary>Of its first part; null while nothing is open.</summary>
        public long? Stamp { get; private set; }

        private long _begun;
        private bool _isOpen;

        public void Begin(long stamp)
        {
            if (!_isOpen)
            {
                (_isOpen, _begun, Stamp) = (true, stamp, stamp);
            }
        }

        public void GiveUpStamp() => Stamp = null;

        public void Append(ReadOnlySpan<byte> part) => _text.Write(part);

        public (long Stamp, string Text) Take()
        {
            var bytes = _text.GetBuffer().AsSpan(0, (int)_text.Length);
            bytes = bytes.EndsWith((byte)'\r') ? bytes[..^1] : bytes;
            var line = (_begun, Encoding.UTF8.GetString(bytes));
            _text.SetLength(0);
            (_isOpen, Stamp) = (false, null);
            return line;
        }
    }
}
