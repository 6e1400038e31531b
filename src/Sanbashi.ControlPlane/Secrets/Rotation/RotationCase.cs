using Sanbashi.Domain.Secrets;

namespace Sanbashi.ControlPlane.Secrets.Rotation;

/// <summary>One secret while it is rotated, its values in the clear for as long as a step takes.</summary>
/// <param name="VersionId">The version that is made.</param>
/// <param name="Other">Reads the current value of another secret, by ARN or name.</param>
internal sealed record RotationCase(SecretRecord Secret, string VersionId, SecretValue? Current, SecretValue? Previous, SecretValue? Pending, Func<string, CancellationToken, Task<SecretValue>> Other)
{
    /// <summary>Never the values.</summary>
    public override string ToString() => $"rotation of {Secret.Name}, version {VersionId}";
}
