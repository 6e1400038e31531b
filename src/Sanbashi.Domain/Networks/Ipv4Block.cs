using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sanbashi.Domain.Networks;

/// <summary>A block of IPv4 addresses, <c>10.213.0.0/22</c>.</summary>
public readonly record struct Ipv4Block
{
    public Ipv4Block(uint address, int prefixLength)
    {
        PrefixLength = prefixLength;
        First = address & Mask(prefixLength);
    }

    public uint First { get; }

    public int PrefixLength { get; }

    public uint Last => First | ~Mask(PrefixLength);

    /// <summary>How many addresses it has.</summary>
    public long Size => Last - (long)First + 1;

    /// <summary>The first address that a machine can have; engines take it for the network's gateway.</summary>
    public IPAddress Gateway => AddressOf(First + 1);

    public static bool TryParse(string? text, out Ipv4Block block)
    {
        block = default;
        var slash = text?.IndexOf('/') ?? -1;
        if (slash < 0
            || !IPAddress.TryParse(text.AsSpan(0, slash), out var address)
            || address.AddressFamily != AddressFamily.InterNetwork
            || !int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            || length > 32)
        {
            return false;
        }

        block = new Ipv4Block(Number(address), length);
        return true;
    }

    /// <exception cref="FormatException">The text is no block.</exception>
    public static Ipv4Block Parse(string text) => TryParse(text, out var block) ? block : throw new FormatException($"'{text}' is not an IPv4 block such as 10.0.0.0/16.");

    /// <summary>An IPv4 address as a number, and back with <see cref="AddressOf"/>.</summary>
    public static uint Number(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    public static IPAddress AddressOf(uint address)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, address);
        return new IPAddress(bytes);
    }

    public bool Overlaps(Ipv4Block other) => First <= other.Last && other.First <= Last;

    public bool Contains(Ipv4Block other) => First <= other.First && other.Last <= Last;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{AddressOf(First)}/{PrefixLength}");

    private static uint Mask(int prefixLength) => prefixLength == 0 ? 0 : uint.MaxValue << (32 - prefixLength);
}
