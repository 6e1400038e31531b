namespace Sanbashi.Cli.Installing;

/// <summary>Where an installed platform lives and listens.</summary>
/// <param name="Root">Everything is written below this folder; <c>/</c> but for packages and tests.</param>
internal sealed record InstallOptions(string Root, string Api, string Http, string Https, string Domain)
{
    public const string Group = "sanbashi";
    public const string DefaultApi = "127.0.0.1:4600";
    public const string DefaultHttp = "80";
    public const string DefaultHttps = "443";

    /// <summary>The program with its libraries.</summary>
    public string Folder { get; } = "/opt/sanbashi";

    public string Executable => $"{Folder}/current/sanbashi";

    public string State { get; } = Platform.PlatformPaths.SystemState;

    /// <summary>Where the .NET that runs this command is: the service has no shell that would tell it.</summary>
    public string DotnetRoot { get; } = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    public string UnitFolder { get; } = "/etc/systemd/system";

    public string Link { get; } = "/usr/local/bin/sanbashi";

    public bool IsThisMachine => Root == "/";

    public string At(string path) => Path.Combine(Root, path.TrimStart('/'));
}
