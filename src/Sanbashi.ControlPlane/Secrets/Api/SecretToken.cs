using Sanbashi.ControlPlane.Api;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Secrets.Api;

/// <summary>The token that makes a call repeatable and becomes the id of the version it makes. SDKs send one by themselves.</summary>
internal static class SecretToken
{
    public static string Of(ApiCall call) => call.Input.Text("ClientRequestToken") ?? Guid.NewGuid().ToString("D");
}
