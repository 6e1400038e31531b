namespace Sanbashi.Domain.Identity;

/// <summary>What a session token says, sealed: nothing of a session is kept.</summary>
public sealed record SessionTicket
{
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The user whose session it is (GetSessionToken); absent for a role's and the root's.</summary>
    public string? UserName { get; init; }

    /// <summary>The role whose session it is.</summary>
    public string? RoleName { get; init; }

    /// <summary>Of the user or role when the session was made: one that was made anew by the same name is another.</summary>
    public string? HolderId { get; init; }

    public string? SessionName { get; init; }

    /// <summary>The instance that the session was given to, with which it ends.</summary>
    public string? InstanceId { get; init; }

    public string? SourceIdentity { get; init; }

    /// <summary>Texts of session policies.</summary>
    public IReadOnlyList<string> Policies { get; init; } = [];

    /// <summary>Managed policies that limit the session.</summary>
    public IReadOnlyList<string> PolicyArns { get; init; } = [];

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<string> TransitiveTagKeys { get; init; } = [];
}
