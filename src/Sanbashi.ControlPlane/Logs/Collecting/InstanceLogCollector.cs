using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.ControlPlane.Logs.Files;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Logs.Collecting;

/// <summary>
/// Brings what containers write from the engine into the store of logs, each line once: a collector that starts anew goes on after the last line that is in the
/// store. Nothing is buffered here; the engine's own files hold what is not collected yet (3 x 20 MB per container).
/// </summary>
public sealed class InstanceLogCollector : IInstanceLogs, IAsyncDisposable
{
    private readonly IContainerEngine _engine;
    private readonly LogStore _store;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<InstanceLogCollector> _logger;
    private readonly ConcurrentDictionary<(string InstanceId, string Container), ContainerFollower> _followers = new();
    private readonly CancellationTokenSource _closed = new();

    public InstanceLogCollector(IContainerEngine engine, LogStore store, TimeProvider timeProvider, ILogger<InstanceLogCollector> logger)
    {
        _engine = engine;
        _store = store;
        _timeProvider = timeProvider;
        _logger = logger;
    }

    public void Follow(string instanceId, string serviceId, IReadOnlyList<string> containers)
    {
        foreach (var container in containers)
        {
            FollowerOf(instanceId, serviceId, container).Start(_closed.Token);
        }
    }

    public async Task Finish(string instanceId, CancellationToken cancellationToken)
    {
        var followers = _followers.Where(pair => pair.Key.InstanceId == instanceId).Select(pair => pair.Value).ToList();
        if (followers.Count == 0)
        {
            followers = await Find(instanceId, cancellationToken);
        }

        await Task.WhenAll(followers.Select(follower => follower.Finish(cancellationToken)));
        foreach (var follower in followers)
        {
            follower.Retire();
            Forget(follower);
        }
    }

    public Task<IReadOnlyList<string>> LastLines(string serviceId, string instanceId, int count, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var records = _store.ReadLast(serviceId, LogGroup.Application, $"{LogFolder.InstancePrefix}{instanceId}", count);
        var isOneContainer = records.Select(record => record.Source).Where(source => source.Length > 0).Distinct().Count() <= 1;
        return Task.FromResult<IReadOnlyList<string>>([.. records.Select(record => isOneContainer || record.Source.Length == 0 ? record.Text : $"{record.Source}: {record.Text}")]);
    }

    public async ValueTask DisposeAsync()
    {
        await _closed.CancelAsync();
        await Task.WhenAll(_followers.Values.Select(follower => follower.Ended));
        _followers.Clear();
    }

    /// <summary>Of an instance that ended before anybody saw it running.</summary>
    private async Task<List<ContainerFollower>> Find(string instanceId, CancellationToken cancellationToken)
    {
        try
        {
            var instance = await _engine.FindInstance(instanceId, cancellationToken);
            return instance is null ? [] : [.. instance.Containers.Select(container => FollowerOf(instanceId, instance.Identity.ServiceId, container.Name))];
        }
        catch (EngineException e)
        {
            _logger.CannotRead("any container", instanceId, e.Message);
            return [];
        }
    }

    private ContainerFollower FollowerOf(string instanceId, string serviceId, string container) => _followers.GetOrAdd(
        (instanceId, container),
        static (key, self) => new ContainerFollower(
            self.Collector._engine, self.Collector._store, self.Collector._timeProvider, self.Collector._logger, self.ServiceId, key.InstanceId, key.Container, self.Collector.Forget),
        (Collector: this, ServiceId: serviceId));

    private void Forget(ContainerFollower follower) =>
        _followers.TryRemove(KeyValuePair.Create((follower.InstanceId, follower.Container), follower));
}
