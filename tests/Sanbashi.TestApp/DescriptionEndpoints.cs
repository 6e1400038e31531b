using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Sanbashi.TestApp;

/// <summary>Who answers, and what reached it, as JSON.</summary>
internal sealed class DescriptionEndpoints(AppSettings settings)
{
    private readonly string _host = Environment.MachineName;

    public Task Describe(HttpContext context) => Json(context, writer =>
    {
        writer.WriteString("version", settings.Version);
        writer.WriteString("host", _host);
        writer.WriteNumber("pid", Environment.ProcessId);
        writer.WriteString("protocol", context.Request.Protocol);
        writer.WriteStartObject("headers");
        foreach (var (name, value) in context.Request.Headers)
        {
            writer.WriteString(name.ToLowerInvariant(), value.ToString());
        }

        writer.WriteEndObject();
    });

    public Task ListEnvironment(HttpContext context) => Json(context, writer =>
    {
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            writer.WriteString((string)variable.Key, (string?)variable.Value);
        }
    });

    private async Task Json(HttpContext context, Action<Utf8JsonWriter> write)
    {
        context.Response.ContentType = "application/json";
        context.Response.Headers["X-App-Version"] = settings.Version;
        await using var writer = new Utf8JsonWriter(context.Response.BodyWriter);
        writer.WriteStartObject();
        write(writer);
        writer.WriteEndObject();
        await writer.FlushAsync();
    }
}
