using Sanbashi.Cli.Native;
using Sanbashi.Cli.Supervision;

namespace Sanbashi.Cli.Platform;

/// <summary>Where a platform keeps its things.</summary>
internal static class PlatformPaths
{
    public const string SystemState = "/var/lib/sanbashi";

    /// <summary>Names the state folder for all commands; <c>--state</c> wins.</summary>
    public const string StateVariable = "SANBASHI_STATE";

    /// <summary>The folder that a new platform of this user gets.</summary>
    public static string DefaultState() =>
        Environment.GetEnvironmentVariable(StateVariable) is { Length: > 0 } named ? Path.GetFullPath(named)
        : Posix.geteuid() == 0 ? SystemState
        : Path.Combine(UserData(), "sanbashi");

    /// <summary>The folder of the platform that a command means: the user's own if it runs, else the machine's if that runs.</summary>
    public static string FindState()
    {
        var own = DefaultState();
        return !File.Exists(PlatformStatus.FilePath(own)) && File.Exists(PlatformStatus.FilePath(SystemState)) ? SystemState : own;
    }

    public static string ProcessLog(string stateDirectory, string name) => Path.Combine(stateDirectory, "logs", "platform", name + ".log");

    public static string Credentials(string stateDirectory) => Path.Combine(stateDirectory, "credentials");

    public static string Certificates(string stateDirectory) => Path.Combine(stateDirectory, "certificates");

    /// <summary>Makes the folder and what the supervisor needs in it, for the owner and (after <c>install</c>) the group only.</summary>
    public static void Prepare(string stateDirectory)
    {
        const UnixFileMode OwnerAndGroup =
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;
        Directory.CreateDirectory(stateDirectory, OwnerAndGroup);
        Directory.CreateDirectory(Path.Combine(stateDirectory, "run"), OwnerAndGroup);
        Directory.CreateDirectory(Path.Combine(stateDirectory, "logs", "platform"), OwnerAndGroup);
    }

    private static string UserData() =>
        Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data
            ? data
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "share");
}
