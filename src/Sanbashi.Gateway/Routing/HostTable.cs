using System.Collections.Frozen;
using Sanbashi.Gateway.Forwarding;

namespace Sanbashi.Gateway.Routing;

/// <summary>Host names and paths to services at one moment. Immutable; built whole and swapped.</summary>
internal sealed class HostTable
{
    private readonly FrozenDictionary<string, PathTable>.AlternateLookup<ReadOnlySpan<char>> _byHost;

    /// <param name="rules">Each host and path at most once.</param>
    public HostTable(IEnumerable<(string Host, string Path, RoutedService Service)> rules)
    {
        _byHost = rules
            .GroupBy(static rule => rule.Host, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(static host => host.Key, static host => new PathTable(host), StringComparer.OrdinalIgnoreCase)
            .GetAlternateLookup<ReadOnlySpan<char>>();
    }

    public static HostTable Empty { get; } = new([]);

    /// <param name="target">As in the request line.</param>
    public RoutedService? Find(ReadOnlySpan<char> host, string target) => _byHost.TryGetValue(HostName.Of(host), out var paths) ? paths.Find(target) : null;

    /// <summary>The services of one host.</summary>
    private sealed class PathTable
    {
        /// <summary>Takes what no path fits; null where that is nobody.</summary>
        private readonly RoutedService? _rest;

        /// <summary>Longest first; null in the usual case of none.</summary>
        private readonly (string Path, RoutedService Service)[]? _paths;

        public PathTable(IEnumerable<(string Host, string Path, RoutedService Service)> rules)
        {
            var paths = new List<(string Path, RoutedService Service)>();
            foreach (var (_, path, service) in rules)
            {
                if (path == "/")
                {
                    _rest = service;
                }
                else
                {
                    paths.Add((path, service));
                }
            }

            _paths = paths.Count == 0 ? null : [.. paths.OrderByDescending(static rule => rule.Path.Length)];
        }

        public RoutedService? Find(string target) => _paths is null ? _rest : FindByPath(_paths, RequestTarget.PathOf(target)) ?? _rest;

        /// <summary>Byte by byte: escapes and dot segments belong to the application.</summary>
        private static RoutedService? FindByPath((string Path, RoutedService Service)[] paths, ReadOnlySpan<char> path)
        {
            foreach (var (prefix, service) in paths)
            {
                if (path.StartsWith(prefix, StringComparison.Ordinal) && (path.Length == prefix.Length || path[prefix.Length] == '/'))
                {
                    return service;
                }
            }

            return null;
        }
    }
}
