namespace Sanbashi.Cli.Supervision;

/// <summary>Every default of <c>sanbashi up</c> and of the supervisor's own behaviour.</summary>
internal static class SupervisorDefaults
{
    public const string Api = "127.0.0.1:4600";
    public const string Http = "127.0.0.1:8080";
    public const string Https = "127.0.0.1:8443";

    /// <summary>As an address: do not listen.</summary>
    public const string Nowhere = "none";

    public const string Domain = "sanbashi.localhost";
    public const string Region = "local-1";
    public const string Account = "000000000000";
    public const string Engine = "unix:///var/run/docker.sock";

    /// <summary>Carries the store's URL, which may hold a password and so never stands on a command line of ours.</summary>
    public const string StoreVariable = "SANBASHI_STORE";

    /// <summary>How long a replaced gateway may finish what it has open: as long as an App Runner request may last.</summary>
    public static TimeSpan HandOverDrain { get; } = TimeSpan.FromSeconds(120);

    /// <summary>When a replaced process is killed: its drain and a margin.</summary>
    public static TimeSpan HandOverTimeout { get; } = HandOverDrain + TimeSpan.FromSeconds(15);

    /// <summary>How long each process may take to stop with the platform before it is killed.</summary>
    public static TimeSpan StopTimeout { get; } = TimeSpan.FromSeconds(40);

    /// <summary>How long a replacement may take to be ready before the hand-over is given up and the old process stays.</summary>
    public static TimeSpan ReplacementTimeout { get; } = TimeSpan.FromSeconds(60);

    /// <summary>How long <c>up --detach</c> and <c>restart</c> wait for the platform to answer.</summary>
    public static TimeSpan StartTimeout { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Longer waits than this before the next start are answered to whoever asked for a restart, instead of letting them wait.</summary>
    public static TimeSpan HandOverImpatience { get; } = TimeSpan.FromSeconds(1);

    /// <summary>The last lines of a process that are kept to be shown when it fails.</summary>
    public const int LastLines = 20;

    /// <summary>A log file is rotated at this size.</summary>
    public const long LogFileBytes = 10 * 1024 * 1024;

    /// <summary>Rotated files kept per process, besides the present one.</summary>
    public const int LogFilesKept = 4;

    /// <summary>Clients that may be connected to the control socket at once.</summary>
    public const int ControlClients = 32;

    /// <summary>In the kernel's scale of -1000 to 1000: the platform is among the last things to be killed when memory ends, containers come first.</summary>
    public const int OomScoreAdjustment = -600;
}
