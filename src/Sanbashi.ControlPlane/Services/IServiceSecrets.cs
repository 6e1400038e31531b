using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.Services;

/// <summary>What the secret variables of services refer to.</summary>
public interface IServiceSecrets
{
    /// <summary>The exact versions that references mean now; their values are not looked at.</summary>
    /// <exception cref="ServiceSecretException">One of them means nothing.</exception>
    Task<IReadOnlyDictionary<string, PinnedSecret>> Pin(ResourceScope scope, IReadOnlyDictionary<string, string> references, CancellationToken cancellationToken);

    /// <summary>The exact versions that the references of a definition mean now, each of which can be read: as its instance role, where it has one.</summary>
    /// <exception cref="ServiceSecretException">One of them can't be read.</exception>
    Task<IReadOnlyDictionary<string, PinnedSecret>> Resolve(ServiceRecord service, ServiceDefinition definition, CancellationToken cancellationToken);

    /// <summary>Values, to be given to an instance and forgotten.</summary>
    /// <exception cref="ServiceSecretException">One of them can't be read any more.</exception>
    Task<IReadOnlyDictionary<string, string>> Read(ResourceScope scope, IReadOnlyDictionary<string, PinnedSecret> secrets, CancellationToken cancellationToken);
}
