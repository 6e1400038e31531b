using System.Text;

namespace Sanbashi.Cli.Installing;

/// <summary>The systemd units of an installed platform. systemd holds the sockets, so not even a restart of everything refuses a connection.</summary>
internal static class Units
{
    public const string Service = "sanbashi.service";

    /// <summary>All units, the service first: systemd stops it before the sockets that would start it again.</summary>
    public static IReadOnlyList<string> Names { get; } = [Service, SocketName("api"), SocketName("http"), SocketName("https")];

    /// <summary>File names and their contents.</summary>
    public static IReadOnlyList<(string Name, string Content)> All(InstallOptions options)
    {
        (string Name, string Title, string Address)[] sockets =
        [
            ("api", "API and console", options.Api),
            ("http", "HTTP of services", options.Http),
            ("https", "HTTPS of services", options.Https),
        ];
        return
        [
            (Service, ServiceUnit(options, [.. sockets.Select(socket => SocketName(socket.Name))])),
            .. sockets.Select(socket => (SocketName(socket.Name), SocketUnit(socket.Name, socket.Title, socket.Address))),
        ];
    }

    private static string SocketName(string name) => $"sanbashi-{name}.socket";

    private static string ServiceUnit(InstallOptions options, IReadOnlyList<string> sockets)
    {
        var unit = new StringBuilder();
        unit.Append($"""
            [Unit]
            Description=Sanbashi, services on your own machine
            Wants=network-online.target docker.service
            After=network-online.target docker.service {string.Join(' ', sockets)}
            Requires={string.Join(' ', sockets)}

            [Service]
            Type=notify
            ExecStart={options.Executable} up --state {options.State} --domain {options.Domain}
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
            # A store other than SQLite: SANBASHI_STORE=postgres://user:password@host/database in this file (mode 0600).
            EnvironmentFile=-/etc/sanbashi/environment

            [Install]
            WantedBy=multi-user.target

            """);
        return unit.ToString();
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
