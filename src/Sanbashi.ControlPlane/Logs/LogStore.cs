using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Sanbashi.ControlPlane.Logs.Files;
using Sanbashi.ControlPlane.Logs.Reading;
using Sanbashi.Domain.Identity;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Logs;

/// <summary>
/// The logs of all services on disk, a folder per service. One process writes them; lines are in the files when a call returns, and survive a SIGKILL of this
/// process. Reading disturbs nobody.
/// </summary>
public sealed class LogStore : IDisposable
{
    private const int MaxOpenFiles = 256;

    /// <summary>Followers look at most this often, however many lines come.</summary>
    private static readonly TimeSpan FollowPace = TimeSpan.FromMilliseconds(50);

    /// <summary>Gateways write access logs from processes of their own, which nobody tells us.</summary>
    private static readonly TimeSpan AccessPace = TimeSpan.FromMilliseconds(250);

    private readonly string _folder;
    private readonly LogStoreOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<LogStore> _logger;
    private readonly ConcurrentDictionary<string, LogOwner> _owners = new();
    private readonly Lock _ownerGate = new();
    private readonly OpenFiles _files;
    private TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="folder">Holds a folder per service; made when it is missing.</param>
    public LogStore(string folder, LogStoreOptions options, TimeProvider timeProvider, ILogger<LogStore> logger)
    {
        _folder = folder;
        _options = options;
        _timeProvider = timeProvider;
        _logger = logger;
        _files = new OpenFiles(MaxOpenFiles, path => new LogFile(path, options));
        Directory.CreateDirectory(folder);
        foreach (var serviceFolder in Directory.EnumerateDirectories(folder))
        {
            if (LogOwnerFile.Read(new LogFolder(serviceFolder).OwnerFile, logger) is { } owner)
            {
                _owners[owner.ServiceId] = owner;
            }
        }
    }

    public LogStoreOptions Options => _options;

    /// <summary>Whose logs there are, those of deleted services included.</summary>
    public IEnumerable<LogOwner> Owners => _owners.Values;

    /// <summary>Says whose the logs are: from then on they can be found by name. Costs nothing when it is known already.</summary>
    public void Register(string serviceId, string name, ResourceScope scope, DateTimeOffset createdAt, DateTimeOffset? deletedAt)
    {
        var known = _owners.GetValueOrDefault(serviceId);
        if (known is not null && known.Name == name && known.Scope == scope && known.DeletedAt == deletedAt)
        {
            return;
        }

        Update(serviceId, owner => new LogOwner(serviceId, name, scope.Account, scope.Region, createdAt, deletedAt, owner?.RetentionDays ?? new Dictionary<LogGroup, int>()));
        if (known is null)
        {
            FolderOf(serviceId).MakeGroups();
        }
    }

    /// <summary>A line of the service's stream <c>events</c>, stamped now.</summary>
    public void AppendEvent(string serviceId, string text) => Append(FolderOf(serviceId).Events, Platform(text));

    /// <summary>A line of the operation's deployment log, stamped now.</summary>
    public void AppendDeployment(string serviceId, string operationId, string text) => Append(FolderOf(serviceId).Deployment(operationId), Platform(text));

    /// <summary>A line that a container wrote, with the engine's cursor after it.</summary>
    public void AppendOutput(string serviceId, string instanceId, string container, LogLine line)
    {
        // The engine tells nanoseconds only in the cursor, whose stamp is the line's unless another line was incomplete then.
        var isOfLine = LogTime.Moment(line.Cursor.Nanoseconds) == line.Timestamp;
        var nanoseconds = isOfLine ? line.Cursor.Nanoseconds : LogTime.Of(line.Timestamp);
        var origin = line.IsError ? LogOrigin.Errors : LogOrigin.Output;
        Append(FolderOf(serviceId).Container(instanceId, container), new StoredLine(nanoseconds, origin, container, line.Text, line.Cursor, IsMark: false));
    }

    /// <summary>A line that the platform writes between a container's, stamped now: a gap, a failure to read.</summary>
    public void AppendNote(string serviceId, string instanceId, string container, string text) =>
        Append(FolderOf(serviceId).Container(instanceId, container), Platform(text));

    /// <summary>Where collecting this container's output goes on; null at its start.</summary>
    public LogCursor? CursorOf(string serviceId, string instanceId, string container)
    {
        LogCursor? cursor = null;
        _files.Use(FolderOf(serviceId).Container(instanceId, container), file => cursor = file.Cursor);
        return cursor;
    }

    public LogPage Read(LogQuery query) => LogReader.Read(FolderOf(query.ServiceId), query);

    /// <summary>The newest lines of one stream, oldest first.</summary>
    public IReadOnlyList<LogRecord> ReadLast(string serviceId, LogGroup group, string stream, int count) =>
        Read(new LogQuery(serviceId, group) { Streams = [stream], FromHead = false, Limit = count }).Records;

    /// <summary>The lines of the query from its cursor on, then those that are written, until cancelled. <see cref="LogQuery.Limit"/> does not count here.</summary>
    public async IAsyncEnumerable<LogRecord> Follow(LogQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = query with { FromHead = true, Limit = 1000 };
        while (true)
        {
            var written = Volatile.Read(ref _written).Task;
            var page = Read(next);
            foreach (var record in page.Records)
            {
                yield return record;
            }

            next = next with { Cursor = page.Next ?? next.Cursor };
            if (!page.IsEnd)
            {
                continue;
            }

            await Task.Delay(query.Group == LogGroup.Access ? AccessPace : FollowPace, _timeProvider, cancellationToken);
            if (query.Group != LogGroup.Access)
            {
                await written.WaitAsync(cancellationToken);
            }
        }
    }

    /// <summary>The streams of a group that have lines, in order of their names.</summary>
    public IReadOnlyList<LogStream> Streams(string serviceId, LogGroup group) =>
        [.. FolderOf(serviceId).Logs(group)
            .GroupBy(log => log.Stream, log => log.Path)
            .Select(stream => LogReader.Summarize(stream.Key, [.. stream]))
            .OfType<LogStream>()
            .OrderBy(stream => stream.Name, StringComparer.Ordinal)];

    public bool StreamExists(string serviceId, LogGroup group, string stream) => FolderOf(serviceId).LogsOf(group, stream).Any(path => path.ExistingFiles().Any());

    public bool GroupExists(string serviceId, LogGroup group) => FolderOf(serviceId).Exists(group);

    /// <summary>On disk.</summary>
    public long BytesOf(string serviceId, LogGroup group) =>
        FolderOf(serviceId).Logs(group).SelectMany(log => log.Path.ExistingFiles()).Sum(file => new FileInfo(file) is { Exists: true } info ? info.Length : 0);

    /// <param name="days">0 keeps for ever, within the bound of size; null goes back to the default.</param>
    public void SetRetention(string serviceId, LogGroup group, int? days) => Update(serviceId, owner =>
    {
        var retention = owner!.RetentionDays.ToDictionary();
        retention.Remove(group);
        if (days is { } some)
        {
            retention[group] = some;
        }

        return owner with { RetentionDays = retention };
    });

    /// <summary>Removes a group with all its lines. It comes back with the next line that is written; what was collected before is not collected again.</summary>
    public void DeleteGroup(string serviceId, LogGroup group)
    {
        var folder = FolderOf(serviceId);
        foreach (var (_, path) in folder.Logs(group).ToList())
        {
            Remove(path);
        }

        folder.RemoveGroupIfEmpty(group);
        ForgetIfOver(serviceId);
    }

    public void Dispose() => _files.Dispose();

    /// <summary>Removes all lines of one log. A log that is being collected keeps its place.</summary>
    internal void Remove(LogPath path)
    {
        if (path.Format == LogFormat.Lines && _files.UseIfOpen(path, file => file.Clear()))
        {
            return;
        }

        foreach (var file in path.ExistingFiles().ToList())
        {
            File.Delete(file);
        }
    }

    internal bool IsOpen(LogPath path) => _files.UseIfOpen(path, _ => { });

    internal LogFolder FolderOf(string serviceId) => new(Path.Combine(_folder, Path.GetFileName(serviceId)));

    /// <summary>The folder of a deleted service goes with its last line.</summary>
    internal void ForgetIfOver(string serviceId)
    {
        var folder = FolderOf(serviceId);
        if (_owners.TryGetValue(serviceId, out var owner) && owner.DeletedAt is not null && !Enum.GetValues<LogGroup>().Any(group => folder.Logs(group).Any()))
        {
            _owners.TryRemove(serviceId, out _);
            Directory.Delete(folder.Path, recursive: true);
        }
    }

    private StoredLine Platform(string text) => new(LogTime.Of(_timeProvider.GetUtcNow()), LogOrigin.Platform, "", text, null, IsMark: false);

    private void Append(LogPath path, StoredLine line)
    {
        _files.Use(path, file => file.Append(line));
        Interlocked.Exchange(ref _written, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
    }

    private void Update(string serviceId, Func<LogOwner?, LogOwner> change)
    {
        lock (_ownerGate)
        {
            var owner = change(_owners.GetValueOrDefault(serviceId));
            LogOwnerFile.Write(FolderOf(serviceId).OwnerFile, owner);
            _owners[serviceId] = owner;
        }
    }
}
