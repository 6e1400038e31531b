using Sanbashi.ControlPlane.Identity;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Hosting;

/// <summary>What listeners of the API have in common.</summary>
internal sealed record ApiHostParts(ControlPlaneOptions Options, IReadOnlyList<ApiService> Services, IdentityCapability Identity, TimeProvider Time);
