namespace Sanbashi.Engines;

/// <summary>Every default of <see cref="DockerEngineOptions"/>.</summary>
public static class DockerEngineDefaults
{
    public const string AddressPool = "10.213.0.0/16";

    public const int SubnetPrefixLength = 22;

    public const int PidsLimit = 4096;

    public const int LogFileMegabytes = 20;

    public const int LogFiles = 3;

    public static string Socket =>
        Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host ? host : "unix:///var/run/docker.sock";

    public static string DockerConfigDirectory =>
        Environment.GetEnvironmentVariable("DOCKER_CONFIG") is { Length: > 0 } folder
            ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".docker");
}
