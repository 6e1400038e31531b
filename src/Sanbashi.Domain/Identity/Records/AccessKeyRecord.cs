namespace Sanbashi.Domain.Identity;

/// <summary>A user's key pair.</summary>
/// <param name="SealedSecret">The secret half, encrypted: verifying a signature takes it, so a hash would not do.</param>
public sealed record AccessKeyRecord(string Id, string UserName, string SealedSecret, bool IsActive, DateTimeOffset CreatedAt);
