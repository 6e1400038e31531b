using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Sanbashi.Domain.Networks;

namespace Sanbashi.Engines.Docker.Networks;

/// <summary>Blocks that this machine already has routes to.</summary>
internal static class HostRoutes
{
    private const string RouteTable = "/proc/net/route";

    public static IReadOnlyList<Ipv4Block> Read() => File.Exists(RouteTable) ? Parse(File.ReadAllText(RouteTable)) : [];

    /// <param name="table">The text of /proc/net/route: addresses are hexadecimal in the machine's byte order. The default route is left out.</param>
    public static IReadOnlyList<Ipv4Block> Parse(string table)
    {
        var blocks = new List<Ipv4Block>();
        foreach (var line in table.Split('\n').Skip(1))
        {
            var columns = line.Split('\t', StringSplitOptions.TrimEntries);
            if (columns.Length > 7 && Hex(columns[1], out var destination) && Hex(columns[7], out var mask) && mask != 0)
            {
                blocks.Add(new Ipv4Block(destination, BitOperations.PopCount(mask)));
            }
        }

        return blocks;
    }

    private static bool Hex(string text, out uint value)
    {
        if (!uint.TryParse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out value))
        {
            return false;
        }

        value = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;
        return true;
    }
}
