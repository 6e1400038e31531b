using Sanbashi.Cli.Listening;

namespace Sanbashi.Cli.Supervision;

/// <summary>The listening sockets of one platform, systemd's where it passed some, else opened here.</summary>
internal sealed record PlatformSockets(
    IReadOnlyList<ListenSocket> Api, IReadOnlyList<ListenSocket> AllHttp, IReadOnlyList<ListenSocket> AllHttps, IReadOnlyList<ListenSocket> AllCleartextHttp2)
{
    /// <summary>The first socket is the one that URLs name.</summary>
    public ListenSocket? Http => AllHttp.FirstOrDefault();

    public ListenSocket? Https => AllHttps.FirstOrDefault();

    public ListenSocket? CleartextHttp2 => AllCleartextHttp2.FirstOrDefault();

    /// <param name="passed">Sockets by name that systemd opened; a name that it passed replaces the address of the options.</param>
    public static PlatformSockets Open(SupervisorOptions options, IReadOnlyList<(string Name, int Fd)> passed)
    {
        IReadOnlyList<ListenSocket> Take(string name, string option, params IReadOnlyList<ListenAddress?> addresses)
        {
            var inherited = passed.Where(socket => socket.Name == name).Select(socket => ListenSocket.FromDescriptor(socket.Fd)).ToList();
            return inherited.Count > 0
                ? inherited
                : [.. addresses.OfType<ListenAddress>().Select(address => ListenSocket.Open(address, option))];
        }

        foreach (var (name, _) in passed)
        {
            if (name is not ("api" or "http" or "https" or "h2c"))
            {
                throw new FormatException($"systemd passed a socket named '{name}'; FileDescriptorName= must be api, http, https or h2c.");
            }
        }

        return new PlatformSockets(
            Take("api", "--listen", [.. options.Api]),
            Take("http", "--http", options.Http),
            Take("https", "--https", options.Https),
            Take("h2c", "--h2c", options.CleartextHttp2));
    }
}
