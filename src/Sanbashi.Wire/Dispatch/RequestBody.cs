using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Sanbashi.Wire;

/// <summary>Reads whole bodies within a limit; requests that change the protocol have none.</summary>
internal static class RequestBody
{
    /// <exception cref="ApiException">The body is too large, too slow, or broken as HTTP.</exception>
    public static async Task<ReadOnlyMemory<byte>> Read(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        if (IsUpgrade(request))
        {
            return default;
        }

        if (request.ContentLength > limit)
        {
            throw TooLarge(limit);
        }

        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            throw new ApiException(
                CommonErrors.MalformedHttpRequest,
                $"The body has the content encoding '{Excerpt.Of(encoding, 40)}', which isn't supported. Send it without one.");
        }

        try
        {
            return await ReadAll(request, limit, cancellationToken);
        }
        catch (BadHttpRequestException broken)
        {
            throw broken.StatusCode switch
            {
                StatusCodes.Status408RequestTimeout => new ApiException(CommonErrors.RequestTimeout, "The body did not arrive in time."),
                StatusCodes.Status413PayloadTooLarge => TooLarge(limit),
                _ => new ApiException(CommonErrors.MalformedHttpRequest, "The body is not well-formed HTTP."),
            };
        }
        catch (IOException)
        {
            throw new ApiException(CommonErrors.MalformedHttpRequest, "The body ended before its time.");
        }
    }

    private static async Task<ReadOnlyMemory<byte>> ReadAll(HttpRequest request, int limit, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>((int)Math.Min(request.ContentLength ?? 4096, 64 * 1024) + 1);
        while (true)
        {
            var read = await request.Body.ReadAsync(body.GetMemory(1), cancellationToken);
            if (read == 0)
            {
                return body.WrittenMemory;
            }

            body.Advance(read);
            if (body.WrittenCount > limit)
            {
                throw TooLarge(limit);
            }
        }
    }

    /// <summary>What follows a WebSocket's handshake is no body: waiting for its end would wait for the end of the connection.</summary>
    private static bool IsUpgrade(HttpRequest request) =>
        request.HttpContext.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
        || request.HttpContext.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };

    private static ApiException TooLarge(int limit) =>
        new(CommonErrors.RequestEntityTooLarge, $"The body is larger than {limit} bytes, the most that a call may have.");
}
