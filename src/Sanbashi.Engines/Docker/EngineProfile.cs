using Sanbashi.Engines.Docker.Api;

namespace Sanbashi.Engines.Docker;

/// <summary>What kind of engine this is, as far as it changes what is asked of it.</summary>
internal sealed record EngineProfile
{
    public required string Name { get; init; }

    public required string Version { get; init; }

    public required string ApiVersion { get; init; }

    /// <summary>As images name it: <c>amd64</c>, <c>arm64</c>.</summary>
    public required string Architecture { get; init; }

    public required int CpuCount { get; init; }

    public required long MemoryBytes { get; init; }

    public required bool IsPodman { get; init; }

    public required bool IsRootless { get; init; }

    /// <summary>The engine's containers live in a virtual machine.</summary>
    public required bool IsDesktop { get; init; }

    public required bool CanFreeze { get; init; }

    /// <summary>Registries that the engine's configuration calls insecure.</summary>
    public required IReadOnlySet<string> InsecureRegistries { get; init; }

    public static EngineProfile From(VersionDetails version, SystemDetails system, ApiVersion api)
    {
        var isPodman = version.Components?.Any(component => component.Name?.Contains("Podman", StringComparison.OrdinalIgnoreCase) == true) == true;
        var isRootless = system.SecurityOptions?.Any(option => option.Contains("rootless", StringComparison.Ordinal)) == true;
        return new EngineProfile
        {
            Name = isPodman ? "Podman" : "Docker Engine",
            Version = version.Version,
            ApiVersion = api.ToString(),
            Architecture = Images.Architectures.Normalize(version.Arch),
            CpuCount = Math.Max(1, system.CpuCount),
            MemoryBytes = system.MemTotal,
            IsPodman = isPodman,
            IsRootless = isRootless,
            IsDesktop = system.OperatingSystem?.Contains("Desktop", StringComparison.Ordinal) == true,

            // The version 1 freezer needs privileges that a rootless engine does not have.
            CanFreeze = !isRootless || system.CgroupVersion == "2",
            InsecureRegistries = system.RegistryConfig?.IndexConfigs?.Where(index => index.Value?.Secure == false).Select(index => index.Key).ToHashSet(StringComparer.OrdinalIgnoreCase) ?? [],
        };
    }
}
