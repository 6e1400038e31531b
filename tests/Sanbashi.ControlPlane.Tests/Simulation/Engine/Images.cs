using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Tests.Simulation;

internal enum ImageKind
{
    Good,
    Slow,

    /// <summary>Half of its starts fail.</summary>
    FailingTwice,

    /// <summary>Is well at first, then answers badly for a while.</summary>
    Sick,

    /// <summary>Is well at first, then ends.</summary>
    Fragile,
    Crashing,
    Silent,
    OtherPort,

    /// <summary>Listens and answers 500.</summary>
    Bad,

    /// <summary>Its command does not exist.</summary>
    NoCommand,
    Missing,
    Denied,
    WrongArchitecture,
}

/// <summary>Image references say what is in the image: <c>good:3</c>. Of a service whose image is local the id is the name.</summary>
internal static class Images
{
    /// <summary>Kinds whose instances become healthy, sooner or later.</summary>
    public static IReadOnlyList<ImageKind> Working { get; } = [ImageKind.Good, ImageKind.Good, ImageKind.Good, ImageKind.Slow, ImageKind.FailingTwice, ImageKind.Sick, ImageKind.Fragile];

    public static IReadOnlyList<ImageKind> All { get; } = Enum.GetValues<ImageKind>();

    public static string Reference(ImageKind kind, int version) => $"{kind.ToString().ToLowerInvariant()}:{version}";

    public static string Id(string reference) => $"sha256:{reference}";

    public static ImageKind Kind(string image)
    {
        var name = image.Replace("sha256:", "", StringComparison.Ordinal);
        return Enum.Parse<ImageKind>(name[..name.IndexOf(':', StringComparison.Ordinal)], ignoreCase: true);
    }

    public static ResolvedImage Resolve(string reference) => Kind(reference) switch
    {
        ImageKind.Missing => throw new EngineException(EngineFailure.ImageNotFound, $"There is no image {reference}."),
        ImageKind.Denied => throw new EngineException(EngineFailure.ImageDenied, $"Pulling {reference} was denied."),
        ImageKind.WrongArchitecture => throw new EngineException(EngineFailure.WrongArchitecture, $"The image {reference} is for arm64."),
        _ => new ResolvedImage(Id(reference), null, Id(reference), "amd64", 1, [8080], [], [], null, false),
    };
}
