using Microsoft.Extensions.Logging;
using Sanbashi.ControlPlane.Identity;
using Sanbashi.ControlPlane.Parameters;
using Sanbashi.ControlPlane.Parameters.Api;
using Sanbashi.ControlPlane.Secrets.Api;
using Sanbashi.ControlPlane.Secrets.Encryption;
using Sanbashi.ControlPlane.Secrets.Rotation;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Storage;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Secrets;

/// <summary>Secrets and parameters, put together: the same keys seal both.</summary>
public sealed class SecretCapability : IDisposable
{
    private readonly SecretPurge _purge;
    private readonly Rotators _rotators;
    private readonly Func<ServiceDocuments, IServiceLog, RotationRunner> _rotations;

    internal SecretCapability(
        IDocumentStore store, IKeySource keySource, IdentityCapability identity, IIdGenerator ids, TimeProvider time, ILoggerFactory loggers, IReadOnlyList<string>? allowedRotators = null)
    {
        var logger = loggers.CreateLogger("Sanbashi.Secrets");
        _rotators = new Rotators(allowedRotators ?? []);
        var documents = new SecretDocuments(store);
        var keys = new SecretKeys(keySource);
        var lookup = new SecretLookup(documents, time);
        var vault = new SecretVault(documents, keys);
        _purge = new SecretPurge(documents, time, logger);
        KeyRotation = new SecretKeyRotation(store, keys, logger);
        _rotations = (services, log) =>
            new RotationRunner(documents, new RotationSteps(documents, lookup, vault, _rotators, new RotationNews(services, log, logger), time), time, logger);
        var parameters = new ParameterDocuments(store);
        var parameterLookup = new ParameterLookup(parameters);
        var parameterVault = new ParameterVault(parameters, keys);
        ForServices = new ServiceSecrets([new SecretVariableSource(lookup, vault), new ParameterVariableSource(parameterLookup, parameterVault)], identity.Roles);
        Services = [SecretsApi.Create(documents, lookup, vault, _rotators, ids, time), ParametersApi.Create(parameters, parameterLookup, parameterVault, ids, time)];
    }

    /// <summary>For the wire to serve.</summary>
    public IReadOnlyList<ApiService> Services { get; }

    /// <summary>What services' variables refer to.</summary>
    public IServiceSecrets ForServices { get; }

    internal SecretKeyRotation KeyRotation { get; }

    /// <exception cref="InvalidDataException">The key of the secrets can't be had; the message says from where it was to come.</exception>
    public static SecretCapability Create(
        IDocumentStore store, ControlPlaneOptions options, IdentityCapability identity, IIdGenerator ids, TimeProvider time, ILoggerFactory loggers) =>
        new(store, KeySources.Find(options), identity, ids, time, loggers, options.AllowedRotators);

    /// <summary>Carries rotations out, and tells services of those that fail.</summary>
    internal RotationRunner Rotations(ServiceDocuments services, IServiceLog log) => _rotations(services, log);

    public async Task Run(CancellationToken cancellationToken)
    {
        await KeyRotation.Resume(cancellationToken);
        await _purge.Run(cancellationToken);
    }

    public void Dispose()
    {
        KeyRotation.Dispose();
        _rotators.Dispose();
    }
}
