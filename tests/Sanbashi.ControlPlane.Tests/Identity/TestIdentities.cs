using Sanbashi.ControlPlane.Identity;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Tests.Api;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Tests.Identity;

/// <summary>Identities with a key that is in no file.</summary>
internal static class TestIdentities
{
    public static IdentityCapability Over(IDocumentStore store, TimeProvider time, Func<string, bool>? isInstanceGone = null) =>
        IdentityCapability.Create(new ServiceDocuments(store), ApiHost.Root, new byte[IdentityKey.Length], time, isInstanceGone);
}
