using System.Text.Json;

namespace Sanbashi.Gateway.AccessLogs;

/// <summary>One line of the access log.</summary>
/// <param name="Path">Without the query, which may carry secrets.</param>
/// <param name="Bytes">Body bytes passed on; -1 where the answer broke off and the number is not known.</param>
/// <param name="Failure">What went wrong, as a stable code or a sentence; null if nothing did.</param>
internal readonly record struct AccessRecord(
    DateTimeOffset Time,
    string ServiceId,
    string RequestId,
    string Method,
    string Host,
    string Path,
    int Status,
    long Bytes,
    double DurationMs,
    string? InstanceId,
    string Client,
    string? UserAgent,
    string Protocol,
    string? Failure)
{
    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("time"u8, Time);
        writer.WriteString("requestId"u8, RequestId);
        writer.WriteString("method"u8, Method);
        writer.WriteString("host"u8, Bounded(Host));
        writer.WriteString("path"u8, Bounded(Path));
        writer.WriteNumber("status"u8, Status);
        if (Bytes >= 0)
        {
            writer.WriteNumber("bytes"u8, Bytes);
        }
        else
        {
            writer.WriteNull("bytes"u8);
        }

        writer.WriteNumber("durationMs"u8, Math.Round(DurationMs, 3));
        if (InstanceId is null)
        {
            writer.WriteNull("instance"u8);
        }
        else
        {
            writer.WriteString("instance"u8, InstanceId);
        }

        writer.WriteString("client"u8, Client);
        writer.WriteString("userAgent"u8, Bounded(UserAgent ?? ""));
        writer.WriteString("protocol"u8, Protocol);
        if (Failure is not null)
        {
            writer.WriteString("failure"u8, Failure);
        }

        writer.WriteEndObject();
    }

    private static ReadOnlySpan<char> Bounded(string text) =>
        text.Length <= GatewayDefaults.AccessLogFieldLength ? text : text.AsSpan(0, GatewayDefaults.AccessLogFieldLength);
}
