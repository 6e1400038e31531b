using Microsoft.Extensions.Logging.Abstractions;
using Sanbashi.ControlPlane.Secrets;
using Sanbashi.ControlPlane.Secrets.Encryption;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Tests.Secrets;

/// <summary>Secrets with a key that is in no file.</summary>
internal static class TestSecrets
{
    private static readonly string _key = EncryptionKey.Make().Text;

    public static SecretCapability Over(IDocumentStore store, TimeProvider time, Func<string>? keys = null) =>
        new(store, new SuppliedKeys("the tests", keys ?? (() => _key)), new RandomIdGenerator(), time, NullLoggerFactory.Instance);
}
