using Microsoft.Extensions.Logging;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Names;

/// <summary>What instances see of the platform in their own network: its names.</summary>
internal static class InstanceSide
{
    private static readonly TimeSpan _retryAfter = TimeSpan.FromSeconds(2);

    /// <summary>Waits for the engine's network and serves names there until cancelled.</summary>
    public static async Task Run(ControlPlaneOptions options, DockerEngine engine, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var server = new NameServer(options.Domain, time, loggers.CreateLogger<NameServer>());
        try
        {
            var network = await Network(engine, time, cancellationToken);
            if (network.IsRoutable)
            {
                await server.Run(network.Gateway, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    private static async Task<InstanceNetworkDescription> Network(DockerEngine engine, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await engine.EnsureNetwork(cancellationToken);
            }
            catch (EngineException)
            {
                // The observer of the engine says that it is away; this only has to wait for it.
                await Task.Delay(_retryAfter, time, cancellationToken);
            }
        }
    }
}
