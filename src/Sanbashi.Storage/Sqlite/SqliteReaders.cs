using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace Sanbashi.Storage;

/// <summary>Connections that only read, at most <see cref="MaxReaders"/>, opened when needed and kept. Readers never wait for the writer.</summary>
internal sealed class SqliteReaders(string path) : IDisposable
{
    private const int MaxReaders = 4;

    private readonly SemaphoreSlim _places = new(MaxReaders);
    private readonly ConcurrentBag<SqliteSession> _idle = [];
    private volatile bool _isClosed;

    /// <summary>Runs on the calling thread: a read is answered from the page cache in microseconds.</summary>
    public async Task<T> Read<T>(Func<SqliteDocuments, T> read, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        SqliteSession? session = null;
        try
        {
            ObjectDisposedException.ThrowIf(_isClosed, typeof(SqliteDocumentStore));
            session = _idle.TryTake(out var idle) ? idle : SqliteSession.Open(path, readOnly: true);
            var result = read(new SqliteDocuments(session));
            _idle.Add(session);
            session = null;
            return result;
        }
        catch (SqliteException e)
        {
            throw SqliteErrors.Translate(e, "read the store", path);
        }
        finally
        {
            session?.Dispose();
            _places.Release();
            DisposeIdleIfClosed();
        }
    }

    public void Dispose()
    {
        _isClosed = true;
        DisposeIdleIfClosed();
    }

    private void DisposeIdleIfClosed()
    {
        while (_isClosed && _idle.TryTake(out var session))
        {
            session.Dispose();
        }
    }
}
