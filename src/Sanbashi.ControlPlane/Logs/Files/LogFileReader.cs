using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Sanbashi.ControlPlane.Logs.Files;

/// <summary>Reads lines of one file up to the length it had when it was opened, forwards or backwards. A line without an end is not there yet.</summary>
internal sealed class LogFileReader : IDisposable
{
    private const int ChunkBytes = 32 * 1024;

    /// <summary>A longer line is none of ours; it is skipped.</summary>
    private const int MaxLineBytes = 4 * 1024 * 1024;

    private readonly SafeFileHandle _file;
    private readonly LogFormat _format;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(ChunkBytes);
    private long _bufferStart;
    private int _bufferLength;
    private bool _isDisposed;

    private LogFileReader(SafeFileHandle file, LogFormat format)
    {
        _file = file;
        _format = format;
        Length = RandomAccess.GetLength(file);
    }

    public long Length { get; }

    /// <summary>Bytes looked at so far.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Null when the file is gone, which rotation and retention may bring about at any time.</summary>
    public static LogFileReader? TryOpen(string path, LogFormat format)
    {
        try
        {
            return new LogFileReader(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), format);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Reads the line at this offset; the offset moves behind it. Lines that cannot be read are skipped.</summary>
    public bool TryReadForward(ref long offset, out StoredLine line)
    {
        while (TryLine(offset, Length, out var bytes, out var next))
        {
            offset = next;
            if (TryParse(bytes, out line))
            {
                return true;
            }
        }

        line = default;
        return false;
    }

    /// <summary>Lines that end at or before this offset, newest first.</summary>
    public IEnumerable<StoredLine> ReadBackward(long end)
    {
        var window = (long)ChunkBytes;
        while (end > 0)
        {
            var from = Math.Max(0, end - window);
            var start = from == 0 ? 0 : AfterNextLineEnd(from, end);
            if (start >= end && from > 0)
            {
                // One line fills the window. Beyond the bound it is given up.
                if (window >= MaxLineBytes)
                {
                    end = from;
                }

                window = Math.Min(window * 2, MaxLineBytes);
                continue;
            }

            var lines = LinesBetween(start, end);
            for (var i = lines.Count - 1; i >= 0; i--)
            {
                yield return lines[i];
            }

            end = start;
            window = ChunkBytes;
        }
    }

    /// <summary>Where the last line that can be read ends: behind it is only what a crash has left. 0 if there is none.</summary>
    public long EndOfLastLine()
    {
        for (var window = (long)ChunkBytes; ; window *= 2)
        {
            var from = Math.Max(0, Length - window);
            var offset = from == 0 ? 0 : AfterNextLineEnd(from, Length);
            var end = 0L;
            while (TryReadForward(ref offset, out _))
            {
                end = offset;
            }

            if (end > 0 || from == 0)
            {
                return end;
            }
        }
    }

    /// <summary>The offset of the first line whose stamp is at least this; the file's length if there is none.</summary>
    public long Find(long nanoseconds)
    {
        if (nanoseconds == long.MaxValue)
        {
            return Length;
        }

        var (low, high) = (0L, Length);
        while (high - low > ChunkBytes)
        {
            var middle = AfterNextLineEnd(low + ((high - low) / 2), high);
            if (middle < high && TryStampAt(middle, out var stamp) && stamp < nanoseconds)
            {
                low = middle;
            }
            else
            {
                // Also where nothing can be read: then the line is looked for one by one.
                high = low + ((high - low) / 2);
            }
        }

        var offset = low;
        while (TryLine(offset, Length, out var line, out var next))
        {
            if (TryParseStamp(line, out var stamp) && stamp >= nanoseconds)
            {
                return offset;
            }

            offset = next;
        }

        return offset;
    }

    public void Dispose()
    {
        if (!_isDisposed)
        {
            _isDisposed = true;
            ArrayPool<byte>.Shared.Return(_buffer);
            _file.Dispose();
        }
    }

    private List<StoredLine> LinesBetween(long start, long end)
    {
        var lines = new List<StoredLine>();
        while (start < end && TryReadForward(ref start, out var line))
        {
            if (start <= end)
            {
                lines.Add(line);
            }
        }

        return lines;
    }

    private bool TryStampAt(long offset, out long stamp)
    {
        stamp = 0;
        return TryLine(offset, Length, out var line, out _) && TryParseStamp(line, out stamp);
    }

    private long AfterNextLineEnd(long offset, long limit) => TryLine(offset, limit, out _, out var next) ? next : limit;

    /// <summary>The bytes from the offset to the next line end below the limit, without it.</summary>
    private bool TryLine(long offset, long limit, out ReadOnlySpan<byte> line, out long next)
    {
        var bytes = Buffered(offset, limit);
        var end = bytes.IndexOf((byte)'\n');
        for (var size = ChunkBytes; end < 0 && offset < limit; size *= 2)
        {
            if (size > MaxLineBytes)
            {
                // Too long for a line of ours. What is left of it after this will not parse either.
                offset += bytes.Length;
                size = ChunkBytes;
            }

            var wanted = (int)Math.Min(size, limit - offset);
            bytes = Load(offset, wanted);
            end = bytes.IndexOf((byte)'\n');

            // Fewer than asked for: the file was emptied since it was opened.
            if (end < 0 && (bytes.Length < wanted || offset + wanted == limit))
            {
                break;
            }
        }

        line = end < 0 ? default : bytes[..end];
        next = end < 0 ? limit : offset + end + 1;
        return end >= 0;
    }

    private ReadOnlySpan<byte> Buffered(long offset, long limit)
    {
        var start = offset - _bufferStart;
        return start < 0 || start >= _bufferLength ? default : _buffer.AsSpan((int)start, (int)Math.Min(_bufferLength - start, limit - offset));
    }

    private ReadOnlySpan<byte> Load(long offset, int count)
    {
        if (count > _buffer.Length)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(count);
        }

        _bufferStart = offset;
        _bufferLength = RandomAccess.Read(_file, _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, Length - offset)), offset);
        BytesRead += _bufferLength;
        return _buffer.AsSpan(0, Math.Min(count, _bufferLength));
    }

    private bool TryParse(ReadOnlySpan<byte> line, out StoredLine parsed) =>
        _format == LogFormat.Access ? AccessFormat.TryParse(line, out parsed) : LineFormat.TryParse(line, out parsed);

    private bool TryParseStamp(ReadOnlySpan<byte> line, out long stamp) =>
        _format == LogFormat.Access ? AccessFormat.TryParseTime(line, out stamp) : LogTime.TryParse(line, out stamp);
}
