namespace Sanbashi.Engines.Registries;

/// <summary>How to sign in at a registry: a name and a secret, or an identity token that is exchanged for access tokens.</summary>
internal sealed record RegistryCredential(string Username, string Secret, string? IdentityToken)
{
    // A record would print its members.
    public override string ToString() => $"credential of {Username}";
}
