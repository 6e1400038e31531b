using Sanbashi.ControlPlane.Logs.Files;

namespace Sanbashi.ControlPlane.Logs.Reading;

/// <summary>The lines of one log over its files, in one direction. Marks are left out.</summary>
internal abstract class LogLines(string stream) : IDisposable
{
    private readonly List<LogFileReader> _files = [];

    /// <summary>The line that was read last.</summary>
    public LogRecord? Current { get; private set; }

    public long BytesRead => _files.Sum(file => file.BytesRead);

    protected IReadOnlyList<LogFileReader> Files => _files;

    /// <summary>Goes on by one line; false at the end.</summary>
    public bool MoveNext()
    {
        while (TryRead(out var line))
        {
            if (!line.IsMark)
            {
                Current = new LogRecord(line.Nanoseconds, stream, line.Source, line.Origin, line.Text);
                return true;
            }
        }

        Current = null;
        return false;
    }

    public void Dispose()
    {
        _files.ForEach(file => file.Dispose());
        GC.SuppressFinalize(this);
    }

    protected abstract bool TryRead(out StoredLine line);

    /// <summary>Opens newest first: a file that is put aside meanwhile is then met twice, which shows, and never missed.</summary>
    protected void Open(LogPath path)
    {
        StoredLine? newer = null;
        foreach (var name in path.ExistingFiles())
        {
            if (LogFileReader.TryOpen(name, path.Format) is not { } file)
            {
                continue;
            }

            var start = 0L;
            if (!file.TryReadForward(ref start, out var first) || first == newer)
            {
                file.Dispose();
                continue;
            }

            newer = first;
            _files.Add(file);
        }
    }
}

/// <summary>Ascending, from a stamp on.</summary>
internal sealed class LinesForward : LogLines
{
    /// <summary>Several gateways write one access log, so its stamps are in order only about.</summary>
    private const long AccessDisorder = 10_000_000_000;

    private readonly long _from;
    private int _file;
    private long _offset = -1;
    private long _last;

    public LinesForward(string stream, LogPath path, long fromNanoseconds)
        : base(stream)
    {
        _from = fromNanoseconds;
        Slack = path.Format == LogFormat.Access ? AccessDisorder : 0;
        Open(path);
        _file = Files.Count - 1;
    }

    private long Slack { get; }

    protected override bool TryRead(out StoredLine line)
    {
        for (; _file >= 0; _file--, _offset = -1)
        {
            _offset = _offset >= 0 ? _offset : Files[_file].Find(_from - Slack);
            while (Files[_file].TryReadForward(ref _offset, out line))
            {
                // In order, whatever the file has.
                _last = Math.Max(line.Nanoseconds, _last + 1);
                line = line with { Nanoseconds = _last };
                if (_last >= _from)
                {
                    return true;
                }
            }
        }

        line = default;
        return false;
    }
}

/// <summary>Descending, from before a stamp.</summary>
internal sealed class LinesBackward : LogLines
{
    private readonly IEnumerator<StoredLine> _lines;

    public LinesBackward(string stream, LogPath path, long beforeNanoseconds)
        : base(stream)
    {
        Open(path);
        _lines = Files.SelectMany(file => file.ReadBackward(file.Find(beforeNanoseconds))).GetEnumerator();
    }

    protected override bool TryRead(out StoredLine line)
    {
        var hasMore = _lines.MoveNext();
        line = hasMore ? _lines.Current : default;
        return hasMore;
    }
}
