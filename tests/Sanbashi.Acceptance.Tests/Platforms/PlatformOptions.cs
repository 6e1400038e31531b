using Sanbashi.Acceptance.Tests.Engine;

namespace Sanbashi.Acceptance.Tests.Platforms;

/// <summary>How a platform is started for tests: on free ports, on a state folder of its own.</summary>
internal sealed record PlatformOptions
{
    /// <summary><c>unix:///...</c></summary>
    public string Engine { get; init; } = EngineApi.DefaultAddress;

    /// <summary>Null: a new folder that is removed with the platform.</summary>
    public string? StateDirectory { get; init; }

    /// <summary>Where its documents are, <c>postgres://...</c>; null: in the state folder.</summary>
    public string? Store { get; init; }

    /// <summary>More arguments of <c>sanbashi up</c>.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>What its processes have in their environment besides ours.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    public string Region { get; init; } = "local-1";
}
