using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Sanbashi.Gateway.Exchanges;

namespace Sanbashi.Gateway.Answers;

/// <summary>Writes a <see cref="GatewayAnswer"/> as HTML to browsers, as JSON to those who accept JSON, else as plain text.</summary>
internal static class AnswerWriter
{
    public static async Task Write(Exchange exchange, GatewayAnswer answer)
    {
        var context = exchange.Context;
        var response = context.Response;
        response.Clear();
        response.StatusCode = answer.Status;
        response.Headers["X-Request-Id"] = exchange.RequestId;
        response.Headers.CacheControl = "no-store";
        if (answer.HasRetryAfter)
        {
            response.Headers.RetryAfter = answer.RetryAfterSeconds.ToString(CultureInfo.InvariantCulture);
        }

        if (answer.Challenge is not null)
        {
            response.Headers.WWWAuthenticate = answer.Challenge;
        }

        if (answer.ClosesConnection && context.Request.Protocol.StartsWith("HTTP/1.", StringComparison.Ordinal))
        {
            response.Headers.Connection = "close";
        }

        if (answer.Status == StatusCodes.Status204NoContent)
        {
            return;
        }

        var (type, body) = Render(answer, exchange.RequestId, context.Request.Headers.Accept);
        response.ContentType = type;
        response.ContentLength = body.Length;
        if (HttpMethods.IsHead(context.Request.Method))
        {
            return;
        }

        exchange.ResponseBytes = body.Length;

        // Not the exchange's own token: that may be why there is an answer to give.
        await response.Body.WriteAsync(body, context.RequestAborted).ConfigureAwait(false);
    }

    private static (string Type, byte[] Body) Render(GatewayAnswer answer, string requestId, StringValues accept)
    {
        if (Accepts(accept, "text/html"))
        {
            return ("text/html; charset=utf-8", Encoding.UTF8.GetBytes(Html(answer, requestId)));
        }

        return Accepts(accept, "json")
            ? ("application/json", Json(answer, requestId))
            : ("text/plain; charset=utf-8", Encoding.UTF8.GetBytes($"{answer.Status} {answer.Title}: {answer.Detail}\n"));
    }

    private static bool Accepts(StringValues accept, string type)
    {
        foreach (var value in accept)
        {
            if (value?.Contains(type, StringComparison.OrdinalIgnoreCase) == true)
            {
                return true;
            }
        }

        return false;
    }

    private static byte[] Json(GatewayAnswer answer, string requestId)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteNumber("status", answer.Status);
            writer.WriteString("error", answer.Code);
            writer.WriteString("message", $"{answer.Title}. {answer.Detail}");
            writer.WriteString("requestId", requestId);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private static string Html(GatewayAnswer answer, string requestId) => $$"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{{answer.Status}} {{answer.Title}}</title>
        <style>
        :root { color-scheme: light dark }
        body { font: 16px/1.5 system-ui, sans-serif; display: grid; place-content: center; min-height: 90vh; margin: 0 1.5rem; text-align: center }
        h1 { font-size: 1.5rem; margin: 0 0 .5rem }
        p { margin: 0; max-width: 34rem }
        small { display: block; margin-top: 2rem; opacity: .6; font-family: ui-monospace, monospace }
        </style>
        </head>
        <body>
        <main>
        <h1>{{answer.Status}} &middot; {{answer.Title}}</h1>
        <p>{{answer.Detail}}</p>
        <small>{{WebUtility.HtmlEncode(requestId)}}</small>
        </main>
        </body>
        </html>

        """;
}
