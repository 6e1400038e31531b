using System.Text;
using Sanbashi.ControlPlane.Logs.Files;

namespace Sanbashi.ControlPlane.Logs.Reading;

/// <summary>Merges the logs of a group by their stamps, in either direction, and cuts pages out of that.</summary>
internal static class LogReader
{
    /// <summary>A page ends after so many bytes were looked at, even if few lines fit: the caller goes on from there.</summary>
    private const long MaxScannedBytes = 64 * 1024 * 1024;

    private const int LinesBetweenChecks = 1024;

    private const int BytesPerLine = 26;

    public static LogPage Read(LogFolder folder, LogQuery query)
    {
        var merged = new PriorityQueue<LogLines, (long Stamp, string Key)>(query.FromHead ? Ascending.Instance : Descending.Instance);
        var all = new List<LogLines>();
        try
        {
            foreach (var (stream, path) in Selected(folder, query))
            {
                var lines = Lines(query, stream, path);
                all.Add(lines);
                Advance(merged, lines);
            }

            return ReadPage(query, merged, all);
        }
        finally
        {
            all.ForEach(lines => lines.Dispose());
        }
    }

    public static LogStream? Summarize(string name, IReadOnlyCollection<LogPath> paths)
    {
        var records = new List<(LogRecord First, LogRecord Last)>();
        foreach (var path in paths)
        {
            using var forward = new LinesForward(name, path, 0);
            using var backward = new LinesBackward(name, path, long.MaxValue);
            if (forward.MoveNext() && backward.MoveNext())
            {
                records.Add((forward.Current!, backward.Current!));
            }
        }

        var bytes = paths.SelectMany(path => path.ExistingFiles()).Sum(file => new FileInfo(file) is { Exists: true } info ? info.Length : 0);
        return records.Count == 0 ? null : new LogStream(name, records.Min(r => r.First.Nanoseconds), records.Max(r => r.Last.Nanoseconds), bytes);
    }

    private static LogPage ReadPage(LogQuery query, PriorityQueue<LogLines, (long Stamp, string Key)> merged, List<LogLines> all)
    {
        var records = new List<LogRecord>();
        LogPosition? passed = null;
        var bytes = 0;
        var looked = 0;
        while (merged.TryDequeue(out var lines, out _))
        {
            var record = lines.Current!;
            if (IsBeyond(query, record))
            {
                break;
            }

            if (IsWanted(query, record))
            {
                var size = Encoding.UTF8.GetByteCount(record.Text) + BytesPerLine;
                if (records.Count == query.Limit || (records.Count > 0 && bytes + size > query.MaxBytes))
                {
                    return Page(query, records, passed, isEnd: false);
                }

                bytes += size;
                records.Add(record);
            }

            passed = record.Position;
            if (++looked % LinesBetweenChecks == 0 && all.Sum(l => l.BytesRead) > MaxScannedBytes)
            {
                return Page(query, records, passed, isEnd: false);
            }

            Advance(merged, lines);
        }

        return Page(query, records, passed, isEnd: true);
    }

    private static LogPage Page(LogQuery query, List<LogRecord> records, LogPosition? passed, bool isEnd)
    {
        if (!query.FromHead)
        {
            records.Reverse();
        }

        return new LogPage(records, passed, isEnd);
    }

    private static void Advance(PriorityQueue<LogLines, (long Stamp, string Key)> merged, LogLines lines)
    {
        if (lines.MoveNext())
        {
            var position = lines.Current!.Position;
            merged.Enqueue(lines, (position.Nanoseconds, position.Key!));
        }
    }

    private static LogLines Lines(LogQuery query, string stream, LogPath path)
    {
        var start = query.StartNanoseconds ?? 0;
        var end = query.EndNanoseconds ?? long.MaxValue;
        return query.FromHead
            ? new LinesForward(stream, path, Math.Max(start, query.Cursor?.Nanoseconds ?? 0))
            : new LinesBackward(stream, path, query.Cursor is { } cursor ? Math.Min(end, cursor.Nanoseconds + 1) : end);
    }

    private static bool IsBeyond(LogQuery query, LogRecord record) => query.FromHead
        ? record.Nanoseconds >= (query.EndNanoseconds ?? long.MaxValue)
        : record.Nanoseconds < (query.StartNanoseconds ?? 0);

    private static bool IsWanted(LogQuery query, LogRecord record)
    {
        var isOnThisSide = query.Cursor is not { } cursor || (query.FromHead ? record.Position > cursor : record.Position < cursor);
        return isOnThisSide && (query.Filter?.Invoke(record.Text) ?? true);
    }

    private static IEnumerable<(string Stream, LogPath Path)> Selected(LogFolder folder, LogQuery query)
    {
        if (query.Streams is { } names)
        {
            return names.Distinct().Where(name => IsPrefixed(query, name)).SelectMany(name => folder.LogsOf(query.Group, name).Select(path => (name, path)));
        }

        return folder.Logs(query.Group).Where(log => IsPrefixed(query, log.Stream));
    }

    private static bool IsPrefixed(LogQuery query, string name) => query.StreamPrefix is null || name.StartsWith(query.StreamPrefix, StringComparison.Ordinal);

    private sealed class Ascending : IComparer<(long Stamp, string Key)>
    {
        public static Ascending Instance { get; } = new();

        public int Compare((long Stamp, string Key) x, (long Stamp, string Key) y) =>
            x.Stamp != y.Stamp ? x.Stamp.CompareTo(y.Stamp) : string.CompareOrdinal(x.Key, y.Key);
    }

    private sealed class Descending : IComparer<(long Stamp, string Key)>
    {
        public static Descending Instance { get; } = new();

        public int Compare((long Stamp, string Key) x, (long Stamp, string Key) y) => Ascending.Instance.Compare(y, x);
    }
}
