using Microsoft.Extensions.Logging;
using Sanbashi.ControlPlane.Networks.Ec2;
using Sanbashi.Engines;
using Sanbashi.Storage;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Networks;

/// <summary>Private networks, put together.</summary>
public sealed class NetworkCapability : IDisposable
{
    private NetworkCapability(IDocumentStore store, TimeProvider timeProvider)
    {
        Directory = new NetworkDirectory(store, timeProvider);
        Services = [Ec2Api.Create(Directory)];
    }

    /// <summary>For the wire to serve.</summary>
    public IReadOnlyList<ApiService> Services { get; }

    internal NetworkDirectory Directory { get; }

    /// <summary>Brings about in the engine what the directory has.</summary>
    internal NetworkReconciler Reconciler(IContainerEngine engine, TimeProvider timeProvider, ILoggerFactory loggers) =>
        new(Directory, engine, timeProvider, loggers.CreateLogger("Sanbashi.Networks"));

    public static NetworkCapability Create(IDocumentStore store, TimeProvider timeProvider) => new(store, timeProvider);

    public void Dispose() => Directory.Dispose();
}
