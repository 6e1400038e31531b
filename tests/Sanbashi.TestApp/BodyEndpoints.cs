using System.Buffers;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Sanbashi.TestApp;

/// <summary>Large bodies in both directions.</summary>
internal sealed class BodyEndpoints
{
    /// <summary>Counts and hashes what comes: <c>bytes sha256</c>.</summary>
    public async Task Upload(HttpContext context)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(64 * 1024);
        long total = 0;
        int read;
        while ((read = await context.Request.Body.ReadAsync(buffer, context.RequestAborted)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            total += read;
        }

        ArrayPool<byte>.Shared.Return(buffer);
        await context.Response.WriteAsync($"{total} {Convert.ToHexStringLower(hash.GetHashAndReset())}");
    }

    /// <summary>Answers <c>bytes</c> bytes, each the low eight bits of its offset.</summary>
    public async Task Download(HttpContext context)
    {
        var left = (long)AppEndpoints.Number(context, "bytes", 1024);
        context.Response.ContentLength = left;
        var pattern = new byte[64 * 1024];
        for (var i = 0; i < pattern.Length; i++)
        {
            pattern[i] = (byte)i;
        }

        while (left > 0)
        {
            var count = (int)Math.Min(left, pattern.Length);
            await context.Response.Body.WriteAsync(pattern.AsMemory(0, count), context.RequestAborted);
            left -= count;
        }
    }
}
