using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Sanbashi.Engines.Docker.Api;

/// <summary>The one place where what the engine said becomes an <see cref="EngineException"/>.</summary>
internal static class EngineFailures
{
    /// <param name="attempt">What was attempted and on what, as the beginning of a sentence: <c>starting container main of instance 12ab</c>.</param>
    public static EngineException Translate(string attempt, EngineApiException failure)
    {
        var text = RuntimeText.Clean(failure.EngineMessage);
        if (RuntimeText.IsDiskFull(failure.EngineMessage))
        {
            return DiskFull(attempt, failure.EngineMessage, failure);
        }

        if (RuntimeText.IsCannotStart(failure.EngineMessage))
        {
            return new EngineException(EngineFailure.CannotStart, $"{Sentence(attempt)} failed: {RuntimeText.StartFailure(failure.EngineMessage)}", failure);
        }

        var kind = failure.Status == HttpStatusCode.NotFound
            ? failure.EngineMessage.Contains("image", StringComparison.OrdinalIgnoreCase) ? EngineFailure.ImageNotFound : EngineFailure.NotFound
            : EngineFailure.Refused;
        return new EngineException(kind, $"{Sentence(attempt)} failed: {text}.", failure);
    }

    /// <param name="attempt">As of <see cref="Translate"/>.</param>
    /// <param name="text">The engine's: it names the file that has no room.</param>
    public static EngineException DiskFull(string attempt, string text, Exception? inner = null) => new(
        EngineFailure.DiskFull,
        $"{Sentence(attempt)} failed: the disk of the container engine is full ({RuntimeText.Clean(text)}). Make room there, for example with 'docker image prune' and 'docker builder prune', and deploy again; 'df -h' and 'df -i' show what is left.",
        inner);

    public static EngineException Unreachable(EngineAddress address, string operation, Exception failure) =>
        new(EngineFailure.Unreachable, $"The engine at {address} cannot be reached ({operation}): {Cause(address, failure)}", failure);

    public static EngineException TimedOut(EngineAddress address, EngineCall call) =>
        new(EngineFailure.Unreachable, $"The engine at {address} did not answer {call.Operation} within {call.Timeout.TotalSeconds:0.#} s. See its log; the call is safe to repeat.");

    public static EngineException TooOld(EngineAddress address, string? offered) =>
        new(EngineFailure.Refused, $"The engine at {address} offers API {offered ?? "of unknown version"}; {ApiVersion.Oldest} or newer is needed (Docker 20.10, Podman 4.3). Update the engine.");

    /// <summary>The message in an error answer: JSON with a member, or plain text.</summary>
    public static string TextOf(ReadOnlySpan<byte> body, HttpStatusCode status)
    {
        if (body.Length > 0 && body[0] == (byte)'{')
        {
            try
            {
                if (JsonSerializer.Deserialize(body, EngineJson.Default.EngineError)?.Message is { Length: > 0 } message)
                {
                    return message;
                }
            }
            catch (JsonException)
            {
                // Not JSON after all: the text itself is the best there is.
            }
        }

        var text = Encoding.UTF8.GetString(body).Trim();
        return text.Length > 0 ? text : $"the engine answered {(int)status} without a reason";
    }

    private static string Cause(EngineAddress address, Exception failure)
    {
        var socket = failure as SocketException ?? failure.InnerException as SocketException;
        return socket?.SocketErrorCode switch
        {
            null => failure.Message,
            SocketError.AccessDenied => "permission denied. Run as root or as a member of the group that owns the socket (usually 'docker').",
            _ when address.IsLocal && !File.Exists(address.Text["unix://".Length..]) => "there is no such socket. Start the engine, or name its address with DOCKER_HOST.",
            SocketError.ConnectionRefused or SocketError.AddressNotAvailable => "nothing listens there. Start the engine, or name its address with DOCKER_HOST.",
            _ => socket.Message,
        };
    }

    private static string Sentence(string attempt) => attempt.Length == 0 ? attempt : char.ToUpperInvariant(attempt[0]) + attempt[1..];
}
