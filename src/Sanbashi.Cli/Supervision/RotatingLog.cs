using System.Globalization;
using System.Text;

namespace Sanbashi.Cli.Supervision;

/// <summary>One process's output in a file; full files are renamed to <c>.1</c> (newest) up to a fixed number.</summary>
internal sealed class RotatingLog : IDisposable
{
    private readonly string _path;
    private readonly long _fileBytes;
    private readonly int _filesKept;
    private readonly TimeProvider _timeProvider;
    private FileStream _file;
    private bool _isWritable = true;

    public RotatingLog(string path, long fileBytes, int filesKept, TimeProvider timeProvider)
    {
        (_path, _fileBytes, _filesKept, _timeProvider) = (path, fileBytes, filesKept, timeProvider);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        _file = Open();
    }

    public string FilePath => _path;

    /// <summary>Lines that could not be written because the disk refused them.</summary>
    public long Lost { get; private set; }

    public void Write(string line)
    {
        var stamped = string.Create(CultureInfo.InvariantCulture, $"{_timeProvider.GetUtcNow():yyyy-MM-ddTHH:mm:ss.fffZ} {line}\n");
        var bytes = Encoding.UTF8.GetBytes(stamped);
        try
        {
            if (_file.Length > 0 && _file.Length + bytes.Length > _fileBytes)
            {
                Rotate();
            }

            _file.Write(bytes);
            if (!_isWritable)
            {
                _isWritable = true;
                _file.Write(Encoding.UTF8.GetBytes($"({Lost} lines before this one were lost: the disk could not be written)\n"));
            }
        }
        catch (IOException)
        {
            // A full disk must not stop the platform; the gap is counted, shown by status and marked in the file when writing works again.
            _isWritable = false;
            Lost++;
        }
    }

    public void Dispose() => _file.Dispose();

    private void Rotate()
    {
        _file.Dispose();
        try
        {
            for (var number = _filesKept; number > 0; number--)
            {
                var older = number == 1 ? _path : $"{_path}.{number - 1}";
                if (File.Exists(older))
                {
                    File.Move(older, $"{_path}.{number}", overwrite: true);
                }
            }
        }
        finally
        {
            _file = Open();
        }
    }

    private FileStream Open() => new(_path, new FileStreamOptions
    {
        Mode = FileMode.Append,
        Access = FileAccess.Write,
        Share = FileShare.ReadWrite | FileShare.Delete,
        BufferSize = 0,
        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead,
    });
}
