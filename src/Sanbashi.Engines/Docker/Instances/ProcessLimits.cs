using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Sanbashi.Engines.Docker.Api;

namespace Sanbashi.Engines.Docker.Instances;

/// <summary>
/// Limits of open files and processes for Podman, which asks the kernel for more than the engine itself may have and then fails to start anything where that
/// cannot be raised. Docker's own defaults work.
/// </summary>
internal static class ProcessLimits
{
    private const long MostOpenFiles = 1_048_576;

    /// <summary>What Podman lowers itself to.</summary>
    private const long MostProcesses = 32_768;

    private const int SocketLevel = 1;
    private const int PeerCredentials = 17;

    public static async Task<IReadOnlyList<Ulimit>?> For(EngineProfile profile, EngineAddress address, CancellationToken cancellationToken)
    {
        if (!profile.IsPodman || !address.IsLocal || !OperatingSystem.IsLinux())
        {
            return null;
        }

        // Podman lowers its own limits when it starts, so ours say little; ours are the guess where its process cannot be seen.
        var limits = $"/proc/{await EngineProcess(address, cancellationToken).ConfigureAwait(false)}/limits";
        return Parse(await File.ReadAllTextAsync(File.Exists(limits) ? limits : "/proc/self/limits", cancellationToken).ConfigureAwait(false));
    }

    /// <param name="limits">The text of /proc/PID/limits.</param>
    public static IReadOnlyList<Ulimit> Parse(string limits) =>
        [.. Hard(limits, "Max open files", "nofile", MostOpenFiles), .. Hard(limits, "Max processes", "nproc", MostProcesses)];

    private static IEnumerable<Ulimit> Hard(string limits, string title, string name, long most)
    {
        var line = limits.Split('\n').FirstOrDefault(line => line.StartsWith(title, StringComparison.Ordinal));
        var columns = line?[title.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (columns is [_, var hard, ..] && long.TryParse(hard, NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            yield return new Ulimit(name, Math.Min(value, most), Math.Min(value, most));
        }
    }

    private static async Task<int> EngineProcess(EngineAddress address, CancellationToken cancellationToken)
    {
        try
        {
            using var socket = await address.Connect(cancellationToken).ConfigureAwait(false);
            var credentials = new byte[12]; // process, user, group
            return socket.GetRawSocketOption(SocketLevel, PeerCredentials, credentials) >= 4 ? MemoryMarshal.Read<int>(credentials) : 0;
        }
        catch (SocketException failure)
        {
            throw EngineFailures.Unreachable(address, "connect", failure);
        }
    }
}
