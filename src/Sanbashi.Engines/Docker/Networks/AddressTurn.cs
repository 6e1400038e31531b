using System.Buffers.Binary;
using System.Net;
using Sanbashi.Domain.Networks;

namespace Sanbashi.Engines.Docker.Networks;

/// <summary>
/// Gives the addresses of a network to instances in turn, so that one that was just given up stays unused until all others had theirs. Docker itself gives out
/// the lowest free one, which is the one given up last; a gateway that has not heard yet would send another service's requests there.
/// </summary>
internal sealed class AddressTurn
{
    private readonly Lock _lock = new();
    private uint? _last;

    /// <param name="subnet">The network.</param>
    /// <param name="gateway">This machine's address in it.</param>
    /// <param name="taken">What the engine has attached.</param>
    /// <returns>Null when all are taken.</returns>
    public IPAddress? Next(Ipv4Block subnet, IPAddress gateway, IReadOnlySet<uint> taken)
    {
        var reserved = Ipv4Block.Number(gateway);
        lock (_lock)
        {
            // Who has just started does not know which were given up lately: those before the oldest instances, or after the youngest.
            var last = _last is { } known && known >= subnet.First && known <= subnet.Last ? known : MiddleOfLongestGap(subnet, taken);
            for (var step = 1u; step <= subnet.Last - subnet.First + 1; step++)
            {
                var candidate = subnet.First + (uint)(((ulong)last - subnet.First + step) % (subnet.Last - subnet.First + 1UL));

                // The first names the network, the last everybody in it.
                if (candidate != subnet.First && candidate != subnet.Last && candidate != reserved && !taken.Contains(candidate))
                {
                    _last = candidate;
                    return Ipv4Block.AddressOf(candidate);
                }
            }

            return null;
        }
    }

    private static uint MiddleOfLongestGap(Ipv4Block subnet, IReadOnlySet<uint> taken)
    {
        var size = subnet.Last - subnet.First + 1UL;
        var sorted = taken.Where(address => address >= subnet.First && address <= subnet.Last).Order().ToArray();
        var (middle, longest) = (subnet.First, 0UL);
        for (var i = 0; i < sorted.Length; i++)
        {
            // Around the end, the first one follows the last.
            var next = i + 1 < sorted.Length ? sorted[i + 1] : sorted[0] + size;
            if (next - sorted[i] > longest)
            {
                longest = next - sorted[i];
                middle = subnet.First + (uint)((sorted[i] - subnet.First + longest / 2) % size);
            }
        }

        return middle;
    }
}
