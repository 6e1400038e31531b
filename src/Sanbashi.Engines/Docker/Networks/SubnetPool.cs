using Sanbashi.Domain.Networks;

namespace Sanbashi.Engines.Docker.Networks;

/// <summary>The addresses that our networks are cut from.</summary>
internal sealed class SubnetPool
{
    private readonly Ipv4Block _pool;
    private readonly int _prefixLength;

    public SubnetPool(string pool, int prefixLength)
    {
        if (!Ipv4Block.TryParse(pool, out _pool))
        {
            throw new ArgumentException($"The address pool '{pool}' is not an IPv4 block such as {DockerEngineDefaults.AddressPool}.", nameof(pool));
        }

        if (prefixLength < _pool.PrefixLength || prefixLength > 29)
        {
            throw new ArgumentException($"Networks of length /{prefixLength} cannot be cut from {pool}: give a length from {_pool.PrefixLength} to 29.", nameof(prefixLength));
        }

        _prefixLength = prefixLength;
    }

    /// <summary>The first network that overlaps with nothing taken; null when the pool is used up.</summary>
    public Ipv4Block? Choose(IReadOnlyCollection<Ipv4Block> taken)
    {
        var step = 1UL << (32 - _prefixLength);
        for (ulong first = _pool.First; first <= _pool.Last; first += step)
        {
            var candidate = new Ipv4Block((uint)first, _prefixLength);
            if (!taken.Any(candidate.Overlaps))
            {
                return candidate;
            }
        }

        return null;
    }

    public override string ToString() => _pool.ToString();
}
