using System.Runtime.InteropServices;

namespace Sanbashi.Gateway.Forwarding;

/// <summary>Identifiers that must be unique, not secret.</summary>
internal static class RandomHex
{
    public static void Fill(Span<char> destination)
    {
        Span<byte> bytes = stackalloc byte[destination.Length / 2];
        foreach (ref var word in MemoryMarshal.Cast<byte, long>(bytes))
        {
            word = Random.Shared.NextInt64(long.MinValue, long.MaxValue);
        }

        // An all-zero trace or parent id is not valid.
        bytes[0] |= 1;
        Convert.TryToHexStringLower(bytes, destination, out _);
    }

    public static string Make(int digits) => string.Create(digits, 0, static (span, _) => Fill(span));
}
