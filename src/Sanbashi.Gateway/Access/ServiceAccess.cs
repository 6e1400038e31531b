using System.Collections.Frozen;
using System.Net;
using Sanbashi.Domain.Routing;

namespace Sanbashi.Gateway.Access;

/// <summary>What one service knows of its callers: its rules in a form to check by, and what each client has sent. The latter outlives changes of the rules.</summary>
internal sealed class ServiceAccess
{
    private volatile Compiled? _compiled;
    private RateLimiter? _rates;

    /// <summary>Made at the first use: most services have no limit.</summary>
    public RateLimiter Rates => LazyInitializer.EnsureInitialized(ref _rates, static () => new RateLimiter());

    public Compiled For(RouteAccess access) => _compiled is { } compiled && ReferenceEquals(compiled.Access, access) ? compiled : _compiled = new Compiled(access);

    internal sealed class Compiled(RouteAccess access)
    {
        private readonly IPNetwork[] _sources = [.. access.AllowedSources.Select(static range => IPNetwork.Parse(range))];

        public RouteAccess Access { get; } = access;

        public FrozenDictionary<string, (PasswordHash Hash, string Text)> Users { get; } = access.Users.ToFrozenDictionary(
            static user => user.Name,
            static user => PasswordHash.TryParse(user.PasswordHash, out var hash, out var problem) ? (hash, user.PasswordHash) : throw new FormatException($"User {user.Name}: {problem}."),
            StringComparer.Ordinal);

        public bool Allows(IPAddress? client) => _sources.Length == 0 || (client is not null && Array.Exists(_sources, range => range.Contains(client)));
    }
}
