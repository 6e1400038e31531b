namespace Sanbashi.ControlPlane.Logs.Files;

/// <summary>Logs that are open for writing, at most so many; the one that rests longest is closed for another.</summary>
internal sealed class OpenFiles(int max, Func<LogPath, LogFile> open) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, LinkedListNode<(string Path, LogFile File)>> _files = [];
    private readonly LinkedList<(string Path, LogFile File)> _newestFirst = [];

    /// <summary>Calls with the log, alone.</summary>
    public void Use(LogPath path, Action<LogFile> use)
    {
        while (true)
        {
            var file = Find(path, mayOpen: true)!;
            lock (file.Gate)
            {
                // Closed for another one in between.
                if (!file.IsClosed)
                {
                    use(file);
                    return;
                }
            }
        }
    }

    /// <summary>False when it is not open.</summary>
    public bool UseIfOpen(LogPath path, Action<LogFile> use)
    {
        if (Find(path, mayOpen: false) is not { } file)
        {
            return false;
        }

        lock (file.Gate)
        {
            if (file.IsClosed)
            {
                return false;
            }

            use(file);
            return true;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var (_, file) in _newestFirst)
            {
                Close(file);
            }

            _newestFirst.Clear();
            _files.Clear();
        }
    }

    private LogFile? Find(LogPath path, bool mayOpen)
    {
        LogFile? closing = null;
        LogFile found;
        lock (_gate)
        {
            if (_files.TryGetValue(path.Current, out var node))
            {
                _newestFirst.Remove(node);
                _newestFirst.AddFirst(node);
                return node.Value.File;
            }

            if (!mayOpen)
            {
                return null;
            }

            found = open(path);
            _files[path.Current] = _newestFirst.AddFirst((path.Current, found));
            if (_files.Count > max)
            {
                var (oldest, file) = _newestFirst.Last!.Value;
                _newestFirst.RemoveLast();
                _files.Remove(oldest);
                closing = file;
            }
        }

        Close(closing);
        return found;
    }

    private static void Close(LogFile? file)
    {
        if (file is null)
        {
            return;
        }

        lock (file.Gate)
        {
            file.Dispose();
        }
    }
}
