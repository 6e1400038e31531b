using Sanbashi.Domain.AutoScaling;
using Sanbashi.Domain.Networks;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Settings;

namespace Sanbashi.Domain.Deployments;

/// <summary>An immutable description of what to run; only image and secrets are filled in once, when they have been resolved.</summary>
public sealed record RevisionRecord
{
    public required string ServiceId { get; init; }

    /// <summary>1, 2, ... within the service.</summary>
    public required int Number { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required ServiceDefinition Definition { get; init; }

    public required ScalingLimits Scaling { get; init; }

    /// <summary>Settings that take effect by deployment, as they were when the revision was made.</summary>
    public required ServiceSettings Settings { get; init; }

    /// <summary>The VPC that its instances are in, as its connector says; null: none.</summary>
    public NetworkAttachment? Network { get; init; }

    /// <summary>Null until the reference has been resolved.</summary>
    public PinnedImage? Image { get; init; }

    /// <summary>The versions that its secret variables mean, by variable; filled in together with the image.</summary>
    public IReadOnlyDictionary<string, PinnedSecret> Secrets { get; init; } = new Dictionary<string, PinnedSecret>();

    /// <summary>The revision whose very image this one runs, whatever the reference means by now; null: the reference is resolved.</summary>
    public int? ImageOf { get; init; }
}

/// <param name="ImageId">What the engine starts.</param>
/// <param name="Digest">The registry's digest; null for an image that only exists on the machine.</param>
/// <param name="Pinned">A reference that always means this very image.</param>
public sealed record PinnedImage(string ImageId, string? Digest, string Pinned);
