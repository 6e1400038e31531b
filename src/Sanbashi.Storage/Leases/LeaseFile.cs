using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Sanbashi.Storage;

/// <summary>
/// A file that one process at a time holds locked. The kernel releases it when the process ends, however it ends. It holds the owner's text for those who
/// wait, and stays when nobody has it.
/// </summary>
internal sealed class LeaseFile : IDisposable
{
    private const int MaxOwnerBytes = 4096;

    private readonly SafeFileHandle _file;

    private LeaseFile(SafeFileHandle file)
    {
        _file = file;
    }

    /// <summary>Waits in the kernel, on a thread of its own, so that the next one goes on at once when the holder dies.</summary>
    /// <exception cref="StoreException">The file cannot be made or locked.</exception>
    public static async Task<LeaseFile> Acquire(string path, string owner, Action<string> onWaiting, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            DurableFile.MakeIfMissing(path);
            var file = Posix.OpenUnlocked(path);
            if (!Posix.TryLock(file))
            {
                var holder = ReadOwner(file);
                onWaiting(holder.Length > 0 ? holder : $"another process (fuser {path} shows which one)");
                await LockInBackground(file, cancellationToken);
            }

            var lease = new LeaseFile(file);
            lease.WriteOwner(owner);
            return lease;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"Cannot lock the store with {path}: {e.Message} Its folder must be writable for this user and on a file system with locks (flock).", e);
        }
    }

    public void Dispose()
    {
        if (!_file.IsClosed)
        {
            WriteOwner("");
            _file.Dispose();
        }
    }

    private static async Task LockInBackground(SafeFileHandle file, CancellationToken cancellationToken)
    {
        var locked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiter = new Thread(() => WaitForLock(file, locked)) { IsBackground = true, Name = "store lease" };
        waiter.Start();

        // A thread inside flock cannot be called back. It gives the lock away when it gets it too late.
        await using var registration = cancellationToken.Register(() => locked.TrySetCanceled(cancellationToken));
        await locked.Task;
    }

    private static void WaitForLock(SafeFileHandle file, TaskCompletionSource locked)
    {
        try
        {
            Posix.Lock(file);
            if (!locked.TrySetResult())
            {
                file.Dispose();
            }
        }
        catch (Exception e)
        {
            file.Dispose();
            locked.TrySetException(e);
        }
    }

    private static string ReadOwner(SafeFileHandle file)
    {
        var text = new byte[MaxOwnerBytes];
        return Encoding.UTF8.GetString(text, 0, RandomAccess.Read(file, text, 0)).Trim();
    }

    private void WriteOwner(string owner)
    {
        RandomAccess.SetLength(_file, 0);
        RandomAccess.Write(_file, Encoding.UTF8.GetBytes($"{owner}\n"), 0);
    }
}
