namespace Sanbashi.Cli.Installing;

/// <summary>The systemd units of an installed platform. systemd holds the sockets, so not even a restart of everything refuses a connection.</summary>
internal static class Units
{
    public const string Folder = "/etc/systemd/system";
    public const string Service = "sanbashi.service";

    private static readonly string[] _sockets = ["api", "http", "https", "h2c"];

    /// <summary>The units in the folder, the service first: systemd stops it before the sockets that would start it again.</summary>
    public static IReadOnlyList<string> Installed(string folder) =>
        [Service, .. _sockets.Select(SocketName).Where(name => File.Exists(Path.Combine(folder, name)))];

    /// <summary>File names and their contents; null for a unit that is not to be.</summary>
    public static IReadOnlyList<(string Name, string? Content)> All(InstallOptions options)
    {
        var settings = options.Settings;
        (string Name, string Title, string? Address)[] sockets =
        [
            ("api", "API and console", settings.Listen ?? InstallSettings.DefaultApi),
            ("http", "HTTP of services", settings.Http ?? InstallSettings.DefaultHttp),
            ("https", "HTTPS of services", settings.Https ?? InstallSettings.DefaultHttps),
            ("h2c", "HTTP/2 of services without TLS", settings.H2c),
        ];
        return
        [
            (Service, ServiceUnit(options, [.. sockets.Where(socket => socket.Address is not null).Select(socket => SocketName(socket.Name))])),
            .. sockets.Select(socket => (SocketName(socket.Name), socket.Address is { } address ? SocketUnit(socket.Name, socket.Title, address) : null)),
        ];
    }

    /// <summary>As one word of a unit's command line: no blank ends it, no variable or specifier of systemd is put in.</summary>
    internal static string Quote(string word)
    {
        var plain = word.Replace("%", "%%", StringComparison.Ordinal).Replace("$", "$$", StringComparison.Ordinal);
        return plain.AsSpan().ContainsAny(" \t\"'\\;") ? $"\"{plain.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"" : plain;
    }

    private static string SocketName(string name) => $"sanbashi-{name}.socket";

    private static string ServiceUnit(InstallOptions options, IReadOnlyList<string> sockets)
    {
        var engine = options.Settings.Engine?.Contains("podman", StringComparison.Ordinal) == true ? "podman.socket" : "docker.service";
        return $"""
            [Unit]
            Description=Sanbashi, services on your own machine
            Wants=network-online.target {engine}
            After=network-online.target {engine} {string.Join(' ', sockets)}
            Requires={string.Join(' ', sockets)}

            [Service]
            Type=notify
            ExecStart={options.Executable} up --state {options.State} {string.Join(' ', options.Settings.ToArguments().Select(Quote))}
            ExecReload={options.Executable} up --upgrade --state {options.State}
            Sockets={string.Join(' ', sockets)}
            Restart=always
            RestartSec=1
            # The supervisor stops its two processes in order; what is left after the time is killed.
            KillMode=mixed
            TimeoutStartSec=90
            TimeoutStopSec=100
            LimitNOFILE=1048576
            Environment=DOTNET_ROOT={options.DotnetRoot}
            # Containers are the engine's children, so this protects the platform's own processes only.
            OOMScoreAdjust=-600
            UMask=0027
            # A store other than SQLite is named here, out of the process list (install --store).
            EnvironmentFile=-{options.EnvironmentFile}

            [Install]
            WantedBy=multi-user.target

            """;
    }

    private static string SocketUnit(string name, string title, string address) => $"""
        [Unit]
        Description=Sanbashi: {title}

        [Socket]
        ListenStream={address}
        FileDescriptorName={name}
        Service={Service}
        Backlog=4096

        [Install]
        WantedBy=sockets.target

        """;
}
