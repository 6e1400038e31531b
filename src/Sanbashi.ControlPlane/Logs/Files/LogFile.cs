using Microsoft.Win32.SafeHandles;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Logs.Files;

/// <summary>
/// The writing end of one log. Every line is written at once and whole; one that a crash cut off is removed at the next opening. The cursor lies in the lines
/// themselves, so that line and cursor are there together or not at all. Callers hold <see cref="Gate"/>.
/// </summary>
internal sealed class LogFile : IDisposable
{
    private readonly LogPath _path;
    private readonly LogStoreOptions _options;
    private SafeFileHandle? _file;
    private long _length;
    private long _lastStamp;

    public LogFile(LogPath path, LogStoreOptions options)
    {
        _path = path;
        _options = options;
        if (LastLine() is { } last)
        {
            _lastStamp = last.Nanoseconds;
            Cursor = last.Cursor;
        }
    }

    public Lock Gate { get; } = new();

    public bool IsClosed { get; private set; }

    /// <summary>After the last line; null when no engine's line was written yet.</summary>
    public LogCursor? Cursor { get; private set; }

    /// <summary>A clock may go backwards; the stamps of a log do not.</summary>
    public void Append(StoredLine line)
    {
        // The platform's lines between a container's carry the cursor on: the last line alone tells where to go on.
        line = line with { Nanoseconds = Math.Max(line.Nanoseconds, _lastStamp + 1), Cursor = line.Cursor ?? Cursor };
        var bytes = LineFormat.Write(line);
        Open();
        if (_length > 0 && _length + bytes.Length > _options.MaxFileBytes)
        {
            PutAside();
            Open();
        }

        Write(bytes);
        _lastStamp = line.Nanoseconds;
        Cursor = line.Cursor;
    }

    /// <summary>Removes all lines. What was collected already is not collected again.</summary>
    public void Clear()
    {
        Close();
        foreach (var file in _path.ExistingFiles())
        {
            File.Delete(file);
        }

        if (Cursor is not null)
        {
            Append(new StoredLine(_lastStamp + 1, LogOrigin.Platform, "", "", Cursor, IsMark: true));
        }
    }

    public void Dispose()
    {
        IsClosed = true;
        Close();
    }

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    private void Open()
    {
        if (_file is not null)
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(_path.Current)!);
        _file = File.OpenHandle(_path.Current, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        _length = RandomAccess.GetLength(_file);
        RemoveUnfinishedLine();
    }

    private void Write(byte[] bytes)
    {
        try
        {
            RandomAccess.Write(_file!, bytes, _length);
            _length += bytes.Length;
        }
        catch (IOException)
        {
            // A full disk takes half a line. Cutting it off needs no room.
            RandomAccess.SetLength(_file!, _length);
            throw;
        }
    }

    private void PutAside()
    {
        Close();
        for (var age = _options.MaxFiles - 1; age > 0; age--)
        {
            if (File.Exists(_path.File(age - 1)))
            {
                File.Move(_path.File(age - 1), _path.File(age), overwrite: true);
            }
        }

        // With one file only, there is nothing to put it aside as.
        if (_options.MaxFiles == 1)
        {
            File.Delete(_path.Current);
        }
    }

    /// <summary>Also what a power failure leaves instead of bytes that had not reached the disk: zeros.</summary>
    private void RemoveUnfinishedLine()
    {
        var whole = LastWholeEnd();
        if (whole < _length)
        {
            RandomAccess.SetLength(_file!, whole);
            _length = whole;
        }
    }

    private long LastWholeEnd()
    {
        using var reader = LogFileReader.TryOpen(_path.Current, _path.Format);
        return reader?.EndOfLastLine() ?? 0;
    }

    private StoredLine? LastLine()
    {
        foreach (var file in _path.ExistingFiles())
        {
            using var reader = LogFileReader.TryOpen(file, _path.Format);
            foreach (var line in reader?.ReadBackward(reader.Length) ?? [])
            {
                return line;
            }
        }

        return null;
    }
}
