using System.Collections.Frozen;

namespace Sanbashi.Gateway.Routing;

/// <summary>Host names to services at one moment. Immutable; built whole and swapped.</summary>
internal sealed class HostTable
{
    private readonly FrozenDictionary<string, RoutedService>.AlternateLookup<ReadOnlySpan<char>> _byHost;

    public HostTable(IEnumerable<KeyValuePair<string, RoutedService>> hosts)
    {
        _byHost = hosts.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public static HostTable Empty { get; } = new([]);

    public RoutedService? Find(ReadOnlySpan<char> host) => _byHost.TryGetValue(HostName.Of(host), out var service) ? service : null;
}
