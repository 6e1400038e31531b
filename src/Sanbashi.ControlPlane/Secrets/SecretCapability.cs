using Microsoft.Extensions.Logging;
using Sanbashi.ControlPlane.Secrets.Api;
using Sanbashi.ControlPlane.Secrets.Encryption;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Storage;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Secrets;

/// <summary>Secrets, put together.</summary>
public sealed class SecretCapability
{
    private readonly SecretPurge _purge;

    private SecretCapability(IDocumentStore store, string stateDirectory, IIdGenerator ids, TimeProvider time, ILoggerFactory loggers)
    {
        var documents = new SecretDocuments(store);
        var keys = new SecretKeys(new KeyFile(Path.Combine(stateDirectory, KeyFile.Name)));
        _purge = new SecretPurge(documents, time, loggers.CreateLogger("Sanbashi.Secrets"));
        Services = [SecretsApi.Create(documents, new SecretLookup(documents, time), new SecretVault(documents, keys), ids, time)];
    }

    /// <summary>For the wire to serve.</summary>
    public IReadOnlyList<ApiService> Services { get; }

    /// <exception cref="InvalidDataException">The key file is broken.</exception>
    public static SecretCapability Create(IDocumentStore store, string stateDirectory, IIdGenerator ids, TimeProvider time, ILoggerFactory loggers) =>
        new(store, stateDirectory, ids, time, loggers);

    public Task Run(CancellationToken cancellationToken) => _purge.Run(cancellationToken);
}
