using Sanbashi.Domain.Identity;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Api;

internal static class ApiScope
{
    /// <summary>The name space that a call works in: its account, and the region of its signature.</summary>
    public static ResourceScope Scope(this ApiCall call) => new(call.Account, call.Region);
}
