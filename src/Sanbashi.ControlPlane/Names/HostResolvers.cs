using System.Net;

namespace Sanbashi.ControlPlane.Names;

/// <summary>The name servers that this machine uses, as far as instances can reach them too.</summary>
internal static class HostResolvers
{
    /// <summary>The second is where systemd-resolved writes the real servers when the first only names its own loopback address.</summary>
    private static readonly string[] _files = ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"];

    public static IReadOnlyList<string> Read() =>
        _files.Where(File.Exists).Select(file => Servers(File.ReadLines(file))).FirstOrDefault(servers => servers.Count > 0) ?? [];

    internal static IReadOnlyList<string> Servers(IEnumerable<string> lines) =>
    [
        .. lines
            .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words is ["nameserver", _, ..])
            .Select(words => words[1])
            .Where(server => IPAddress.TryParse(server, out var address) && !IPAddress.IsLoopback(address)),
    ];
}
