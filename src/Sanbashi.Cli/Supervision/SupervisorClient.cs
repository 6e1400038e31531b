using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Sanbashi.Cli.Supervision;

/// <summary>How commands talk with the supervisor of a state folder.</summary>
internal static class SupervisorClient
{
    /// <summary>What runs on the state folder; null when nothing does.</summary>
    public static async Task<PlatformStatus?> Status(string stateDirectory, CancellationToken cancellationToken)
    {
        var answer = await Ask(stateDirectory, ControlProtocol.Status, _ => { }, cancellationToken);
        return answer is null ? null : JsonSerializer.Deserialize(answer, SupervisionJsonContext.Default.PlatformStatus);
    }

    /// <summary>Sends a request and answers its result; null when no supervisor runs there.</summary>
    /// <param name="progress">Told how it goes, a sentence each.</param>
    /// <exception cref="CliException">The supervisor said no, died on the way, or may not be asked by this user.</exception>
    public static async Task<string?> Ask(string stateDirectory, string request, Action<string> progress, CancellationToken cancellationToken)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var path = ControlProtocol.SocketPath(stateDirectory);
        _ = ControlProtocol.Address(path);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
        }
        catch (SocketException failure) when (failure.SocketErrorCode == SocketError.AccessDenied)
        {
            throw new CliException(
                ExitCodes.Denied, $"This user may not use {path}. Use sudo, or join the group that owns it (sudo usermod -aG sanbashi $USER, after sanbashi install).", failure);
        }
        catch (SocketException)
        {
            // Absent, or left behind by a supervisor that was killed: nothing runs.
            return null;
        }

        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request + "\n"), cancellationToken);
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            switch (line)
            {
                case [ControlProtocol.Progress, .. var sentence]:
                    progress(sentence);
                    break;
                case [ControlProtocol.Result, .. var result]:
                    return result;
                case [ControlProtocol.Failure, .. var reason]:
                    throw new CliException(ExitCodes.Failed, reason.Replace("\\n", "\n", StringComparison.Ordinal));
            }
        }

        throw new CliException(ExitCodes.Failed, $"The supervisor of {stateDirectory} ended before it answered '{request}'. Its log is {Platform.PlatformPaths.ProcessLog(stateDirectory, "supervisor")}.");
    }
}
