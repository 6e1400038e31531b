using Microsoft.Extensions.Logging.Abstractions;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Engines;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Hosting;

/// <summary>Takes the instances of an installation off the engine while no control plane runs. Services stay as they are wanted: the next start makes instances anew.</summary>
public static class InstanceRemoval
{
    private const int AtOnce = 8;

    private static readonly TimeSpan _stopTimeout = TimeSpan.FromSeconds(30);

    /// <param name="removed">Told the id of each instance that is gone.</param>
    /// <returns>How many there were.</returns>
    /// <exception cref="EngineException">The engine does not answer or refuses.</exception>
    /// <exception cref="StoreException">The store cannot be opened.</exception>
    public static async Task<int> Run(ControlPlaneOptions options, Action<string> removed, CancellationToken cancellationToken)
    {
        await using var store = await DocumentStores.Open(
            options.StoreUrl ?? Path.Combine(options.StateDirectory, "sanbashi.db"), TimeProvider.System, null, cancellationToken);

        // Held to the end: a control plane that starts meanwhile waits, instead of bringing back what is being removed.
        await using var lease = await store.AcquireLease($"removal of instances, process {Environment.ProcessId} on {Environment.MachineName}", _ => { }, cancellationToken);
        var installation = await InstallationRecord.LoadOrCreate(store, new RandomIdGenerator(), cancellationToken);
        await using var engine = new DockerEngine(EngineSettings.Of(options, installation, null), NullLogger<DockerEngine>.Instance);
        var instances = await engine.ListInstances(cancellationToken);
        await Parallel.ForEachAsync(
            instances,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (instance, token) =>
            {
                await engine.StopInstance(instance.Identity.InstanceId, _stopTimeout, token);
                removed(instance.Identity.InstanceId);
            });
        return instances.Count;
    }
}
