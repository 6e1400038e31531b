namespace Sanbashi.Domain.Networks;

/// <summary>Where the requests to a private service may come from.</summary>
public static class PrivateSources
{
    /// <summary>A list without entries would mean everybody; this address is nobody's.</summary>
    private const string Nobody = "255.255.255.255/32";

    /// <param name="allowed">What the service's own settings allow; empty for all.</param>
    /// <param name="networks">The addresses of the VPCs from which it may be called.</param>
    /// <returns>Both at once; never empty.</returns>
    public static IReadOnlyList<string> Of(IReadOnlyList<string> allowed, IReadOnlyCollection<Ipv4Block> networks)
    {
        var sources = allowed.Count == 0
            ? networks.Select(network => network.ToString())
            : from text in allowed
              where Ipv4Block.TryParse(text, out _)
              let own = Ipv4Block.Parse(text)
              from network in networks
              where own.Overlaps(network)
              select (own.PrefixLength > network.PrefixLength ? own : network).ToString();
        IReadOnlyList<string> distinct = [.. sources.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return distinct.Count > 0 ? distinct : [Nobody];
    }
}
