namespace Sanbashi.Engines.Docker.Images;

/// <summary>Names of processor architectures, as images write them.</summary>
internal static class Architectures
{
    public static string Normalize(string name) => name switch
    {
        "x86_64" or "x86-64" => "amd64",
        "aarch64" or "arm64/v8" => "arm64",
        "i386" or "i686" => "386",
        "armv7l" or "armhf" => "arm",
        _ => name,
    };

    /// <summary>Whether programs built for one run on a machine of the other as they are. An image that does not say is let through.</summary>
    public static bool RunsOn(string? image, string machine)
    {
        var built = Normalize(image ?? "");
        return built.Length == 0 || built == machine || (built, machine) is ("386", "amd64") or ("arm", "arm64");
    }
}
