using System.Globalization;

namespace Sanbashi.Cli.Listening;

/// <summary>Sockets that systemd opened for this process: <c>LISTEN_PID</c>, <c>LISTEN_FDS</c>, <c>LISTEN_FDNAMES</c> (sd_listen_fds(3)).</summary>
internal static class SystemdSockets
{
    private const int FirstDescriptor = 3;

    public static IReadOnlyDictionary<string, string?> Unset { get; } =
        new Dictionary<string, string?> { ["LISTEN_PID"] = null, ["LISTEN_FDS"] = null, ["LISTEN_FDNAMES"] = null };

    /// <summary>Descriptors by the name that their unit gives them (<c>FileDescriptorName=</c>); empty when systemd passed none to this very process.</summary>
    /// <exception cref="FormatException">The variables contradict each other.</exception>
    public static IReadOnlyList<(string Name, int Fd)> Read(Func<string, string?> variable, int processId)
    {
        if (variable("LISTEN_PID") is not { } pid || pid != processId.ToString(CultureInfo.InvariantCulture))
        {
            return [];
        }

        if (!int.TryParse(variable("LISTEN_FDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count == 0)
        {
            return [];
        }

        var names = (variable("LISTEN_FDNAMES") ?? "").Split(':');
        if (names.Length != count)
        {
            throw new FormatException(
                $"systemd passed {count} sockets but {names.Length} names ({string.Join(", ", names)}). Give each .socket unit FileDescriptorName=api, http, https or h2c.");
        }

        return [.. names.Select((name, index) => (name, FirstDescriptor + index))];
    }
}
