using System.Security.Cryptography;
using System.Text;

namespace Sanbashi.ControlPlane.Identity.Roles;

/// <summary>
/// What an instance shows to be told about itself: its id and a code that follows from it and from the identity key, so that nobody else can make one and none
/// is kept.
/// </summary>
internal sealed class InstanceTokens(byte[] identityKey)
{
    private readonly Seal _credentials = new(identityKey, "instance-credentials");
    private readonly Seal _metadata = new(identityKey, "instance-metadata");

    public string ForCredentials(string instanceId) => Make(_credentials, instanceId);

    /// <summary>Another one: applications print where their metadata is.</summary>
    public string ForMetadata(string instanceId) => Make(_metadata, instanceId);

    /// <summary>The instance's id; null when the token is none for credentials.</summary>
    public string? OpenForCredentials(string token) => Open(_credentials, token);

    /// <summary>The instance's id; null when the token is none for metadata.</summary>
    public string? OpenForMetadata(string token) => Open(_metadata, token);

    private static string Make(Seal seal, string instanceId) => $"{instanceId}.{seal.Derive(instanceId).Replace('+', '-').Replace('/', '_')}";

    private static string? Open(Seal seal, string token)
    {
        var instanceId = token[..Math.Max(0, token.IndexOf('.', StringComparison.Ordinal))];
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Make(seal, instanceId)), Encoding.UTF8.GetBytes(token)) ? instanceId : null;
    }
}
