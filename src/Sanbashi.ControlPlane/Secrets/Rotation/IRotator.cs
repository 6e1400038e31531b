using Sanbashi.Domain.Secrets;

namespace Sanbashi.ControlPlane.Secrets.Rotation;

/// <summary>Carries out the steps of rotations. Each step may be asked for again, whether or not it was done before.</summary>
internal interface IRotator
{
    /// <summary>How long a step may take.</summary>
    TimeSpan Limit { get; }

    /// <returns>In the first step the new value; null where the rotator has written it itself, or leaves it to the platform.</returns>
    /// <exception cref="RotationException">It did not succeed.</exception>
    Task<SecretValue?> Take(RotationStep step, RotationCase rotation, CancellationToken cancellationToken);
}
