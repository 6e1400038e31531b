using System.Net.Sockets;
using Sanbashi.Cli.Supervision;

namespace Sanbashi.Cli.Platform;

/// <summary>Which engine the platform uses, and whether it answers now.</summary>
internal static class EngineCheck
{
    private const string UnixScheme = "unix://";

    /// <summary>The option, else <c>DOCKER_HOST</c>, else Docker's usual socket.</summary>
    /// <exception cref="FormatException">It is no unix socket.</exception>
    public static string Choose(string? option)
    {
        var fromEnvironment = Environment.GetEnvironmentVariable("DOCKER_HOST");
        var chosen = option ?? (string.IsNullOrEmpty(fromEnvironment) ? SupervisorDefaults.Engine : fromEnvironment);
        if (chosen.StartsWith('/'))
        {
            chosen = UnixScheme + chosen;
        }

        return chosen.StartsWith(UnixScheme, StringComparison.Ordinal)
            ? chosen
            : throw new FormatException($"The engine '{chosen}' ({(option is null ? "from DOCKER_HOST" : "--engine")}) is not a unix socket. Write unix:///path/to/docker.sock; for an engine on another machine, run Sanbashi there and use 'sanbashi context add'.");
    }

    /// <summary>Says so when no engine answers; the platform starts all the same and uses the engine when it is there.</summary>
    public static async Task Warn(string engine, CancellationToken cancellationToken)
    {
        var path = engine[UnixScheme.Length..];
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
        }
        catch (SocketException failure)
        {
            var what = failure.SocketErrorCode == SocketError.AccessDenied
                ? "this user may not use it. Use sudo, or join its group (sudo usermod -aG docker $USER, then log in again)"
                : "nothing answers there. Install or start Docker Engine (Debian: apt-get install docker.io) or Podman, or name another socket with --engine";
            Console.Error.WriteLine($"Warning: the engine {path}: {what}. The platform starts, and deployments wait for the engine.");
        }
    }
}
