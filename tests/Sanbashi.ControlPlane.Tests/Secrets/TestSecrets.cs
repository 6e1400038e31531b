using Microsoft.Extensions.Logging.Abstractions;
using Sanbashi.ControlPlane.Identity;
using Sanbashi.ControlPlane.Secrets;
using Sanbashi.ControlPlane.Secrets.Encryption;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Tests.Identity;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Tests.Secrets;

/// <summary>Secrets with a key that is in no file.</summary>
internal static class TestSecrets
{
    private static readonly string _key = EncryptionKey.Make().Text;

    /// <param name="identity">Null: identities that nobody else sees.</param>
    public static SecretCapability Over(IDocumentStore store, TimeProvider time, Func<string>? keys = null, IdentityCapability? identity = null) => new(
        store, new SuppliedKeys("the tests", keys ?? (() => _key)), identity ?? TestIdentities.Over(store, time), new RandomIdGenerator(), time, NullLoggerFactory.Instance);
}
