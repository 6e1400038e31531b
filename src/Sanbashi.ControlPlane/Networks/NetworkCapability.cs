using Microsoft.Extensions.Logging;
using Sanbashi.ControlPlane.Networks.Ec2;
using Sanbashi.ControlPlane.Networks.Ingress;
using Sanbashi.Engines;
using Sanbashi.Storage;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Networks;

/// <summary>Private networks, put together.</summary>
public sealed class NetworkCapability : IDisposable
{
    private NetworkCapability(IDocumentStore store, string platformDomain, TimeProvider timeProvider)
    {
        Directory = new NetworkDirectory(store, timeProvider);
        Privates = new PrivateServices(platformDomain);
        Services = [Ec2Api.Create(Directory)];
    }

    /// <summary>For the wire to serve.</summary>
    public IReadOnlyList<ApiService> Services { get; }

    internal NetworkDirectory Directory { get; }

    /// <summary>What routes of private services take from networks.</summary>
    internal PrivateServices Privates { get; }

    /// <summary>Brings about in the engine what the directory has.</summary>
    internal NetworkReconciler Reconciler(IContainerEngine engine, EndpointNames names, TimeProvider timeProvider, ILoggerFactory loggers) =>
        new(Directory, engine, Privates, names, timeProvider, loggers.CreateLogger("Sanbashi.Networks"));

    public static NetworkCapability Create(IDocumentStore store, string platformDomain, TimeProvider timeProvider) => new(store, platformDomain, timeProvider);

    public void Dispose() => Directory.Dispose();
}
