namespace Sanbashi.Cli.Installing;

/// <summary>Where an installed platform lives, and with which settings.</summary>
/// <param name="Root">Everything is written below this folder; <c>/</c> but for packages and tests.</param>
internal sealed record InstallOptions(string Root, InstallSettings Settings)
{
    public const string Group = "sanbashi";

    /// <summary>The program with its libraries.</summary>
    public string Folder { get; } = "/opt/sanbashi";

    public string Executable => $"{Folder}/current/sanbashi";

    public string State { get; } = Platform.PlatformPaths.SystemState;

    /// <summary>Where the .NET that runs this command is: the service has no shell that would tell it.</summary>
    public string DotnetRoot { get; } = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    public string UnitFolder { get; } = Units.Folder;

    public string Link { get; } = "/usr/local/bin/sanbashi";

    /// <summary>What the service's environment is read from; it may hold a password.</summary>
    public string EnvironmentFile { get; } = "/etc/sanbashi/environment";

    public bool IsThisMachine => Root == "/";

    public string At(string path) => Path.Combine(Root, path.TrimStart('/'));
}
