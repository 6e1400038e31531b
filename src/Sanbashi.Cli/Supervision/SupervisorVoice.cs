using System.Text;
using System.Text.Json;
using Sanbashi.Cli.Native;
using Sanbashi.Cli.Platform;

namespace Sanbashi.Cli.Supervision;

/// <summary>What the supervisor tells people: on standard error (or as JSON lines on standard output), and in its log.</summary>
internal sealed class SupervisorVoice(bool json, RotatingLog log, TimeProvider timeProvider)
{
    private const int Out = 1;
    private const int Error = 2;

    public void Say(string message, IReadOnlyCollection<string>? details = null)
    {
        log.Write(message);
        foreach (var line in details ?? [])
        {
            log.Write("  " + line);
        }

        if (json)
        {
            WriteJson("message", writer =>
            {
                writer.WriteString("message", message);
                if (details is not null)
                {
                    writer.WriteStartArray("lines");
                    foreach (var line in details)
                    {
                        writer.WriteStringValue(line);
                    }

                    writer.WriteEndArray();
                }
            });
            return;
        }

        var text = new StringBuilder().Append(message).Append('\n');
        foreach (var line in details ?? [])
        {
            text.Append("  ").Append(line).Append('\n');
        }

        // Nobody may be there to read it (a closed terminal); the log has it all the same.
        _ = Descriptors.Write(Error, text.ToString());
    }

    /// <summary>Passes on what a process prints, where somebody follows the events as JSON; people find it in the process's log.</summary>
    public void Output(string role, string line)
    {
        if (json)
        {
            WriteJson("output", writer =>
            {
                writer.WriteString("process", role);
                writer.WriteString("line", line);
            });
        }
    }

    /// <summary>The platform answers: says where, and what to do next.</summary>
    public void Announce(PlatformStatus status)
    {
        log.Write("The platform answers.");
        if (json)
        {
            WriteJson("ready", writer =>
            {
                writer.WritePropertyName("platform");
                JsonSerializer.Serialize(writer, status, SupervisionJsonContext.Default.PlatformStatus);
            });
            return;
        }

        var ending = Posix.isatty(Error) == 1 ? "Ctrl-C stops the platform; instances stay running and are taken over by the next start.\n" : "";
        _ = Descriptors.Write(Error, PlatformBanner.Text(status) + ending);
    }

    private void WriteJson(string type, Action<Utf8JsonWriter> members)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("event", type);
            writer.WriteString("at", timeProvider.GetUtcNow());
            members(writer);
            writer.WriteEndObject();
        }

        buffer.WriteByte((byte)'\n');
        _ = Descriptors.Write(Out, buffer.GetBuffer().AsSpan(0, (int)buffer.Length));
    }
}
