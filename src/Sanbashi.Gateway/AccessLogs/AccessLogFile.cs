namespace Sanbashi.Gateway.AccessLogs;

/// <summary>
/// The current access log file of one service. Several gateways may append to the same one while they hand over: each write is whole lines,
/// a file that another gateway has rotated away is noticed and left, and only the holder of a lock rotates.
/// </summary>
internal sealed class AccessLogFile : IDisposable
{
    private const string CurrentName = "access.jsonl";
    private readonly string _folder;
    private readonly string _path;
    private readonly long _maxBytes;
    private AppendOnlyFile? _file;
    private long _lengthSeen;

    public AccessLogFile(string folder, long maxBytes)
    {
        _folder = folder;
        _path = Path.Combine(folder, CurrentName);
        _maxBytes = maxBytes;
    }

    /// <summary>When it was last written to, to close those that rest.</summary>
    public long LastUsed { get; set; }

    public void Append(ReadOnlySpan<byte> lines)
    {
        var length = File.Exists(_path) ? new FileInfo(_path).Length : 0;
        if (length >= _maxBytes)
        {
            Close();
            Rotate();
            length = 0;
        }

        // Shorter than before: the file was rotated away or removed, by another gateway or by hand.
        if (_file is null || length < _lengthSeen)
        {
            Close();
            Directory.CreateDirectory(_folder);
            _file = new AppendOnlyFile(_path);
        }

        _file.Append(lines);
        _lengthSeen = length + lines.Length;
    }

    public void Dispose() => Close();

    private void Close()
    {
        _file?.Dispose();
        _file = null;
        _lengthSeen = 0;
    }

    private void Rotate()
    {
        FileStream turn;
        try
        {
            turn = new FileStream(Path.Combine(_folder, ".rotate"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            // Another gateway is rotating at this moment.
            return;
        }

        using (turn)
        {
            if (!File.Exists(_path) || new FileInfo(_path).Length < _maxBytes)
            {
                return;
            }

            for (var i = GatewayDefaults.AccessLogFiles - 1; i > 0; i--)
            {
                var from = i == 1 ? _path : Numbered(i - 1);
                if (File.Exists(from))
                {
                    File.Move(from, Numbered(i), overwrite: true);
                }
            }
        }
    }

    private string Numbered(int number) => Path.Combine(_folder, $"access.{number}.jsonl");
}
