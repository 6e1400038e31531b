using System.Security.Cryptography;
using System.Text.Json;
using Sanbashi.Domain.Identity;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Identity;

/// <summary>Temporary credentials. The token is everything there is of a session, sealed together with its key id; the secret follows from the key id.</summary>
internal sealed class SessionTokens(byte[] identityKey, string account, TimeProvider timeProvider)
{
    /// <summary>As long as AWS's, with a prefix of ours that tells it from a user's.</summary>
    public const string KeyIdPrefix = "ASSB";

    private readonly Seal _tokens = new(identityKey, "session-token");
    private readonly Seal _secrets = new(identityKey, "session-secret");

    public ApiCredential Issue(SessionTicket ticket)
    {
        var keyId = KeyIdPrefix + IdentityIds.Random();
        return new ApiCredential(keyId, _secrets.Derive(keyId), _tokens.Close(JsonSerializer.Serialize(ticket, IdentityJson.Default.SessionTicket), keyId), account);
    }

    public ApiCredential Credential(string keyId, string token) => new(keyId, _secrets.Derive(keyId), token, account);

    /// <summary>What a token says; null when it is none of ours, or another key's.</summary>
    /// <exception cref="ApiException">It has expired.</exception>
    public SessionTicket? Open(string keyId, string token)
    {
        var ticket = _tokens.Open(token, keyId) is { } text ? JsonSerializer.Deserialize(text, IdentityJson.Default.SessionTicket) : null;
        return ticket is null || timeProvider.GetUtcNow() < ticket.ExpiresAt
            ? ticket
            : throw new ApiException("ExpiredTokenException", "The security token included in the request is expired");
    }
}
