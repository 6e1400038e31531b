using System.Text.Json.Serialization;

namespace Sanbashi.Domain.Routing;

/// <summary>Who may call a service, and how often. What is not restricted is open to everyone.</summary>
public sealed record RouteAccess
{
    public static RouteAccess Open { get; } = new();

    /// <summary>Address ranges (CIDR) that requests may come from; empty for all.</summary>
    public IReadOnlyList<string> AllowedSources { get; init; } = [];

    /// <summary>Who may call with HTTP's Basic authentication; empty where nobody has to say who they are.</summary>
    public IReadOnlyList<RouteUser> Users { get; init; } = [];

    /// <summary>For each client address; null for no limit.</summary>
    public RouteRateLimit? RateLimit { get; init; }

    /// <summary>Whether there is nothing to check.</summary>
    [JsonIgnore]
    public bool IsOpen => AllowedSources.Count == 0 && Users.Count == 0 && RateLimit is null;

    public bool Equals(RouteAccess? other) =>
        other is not null && AllowedSources.SequenceEqual(other.AllowedSources) && Users.SequenceEqual(other.Users) && RateLimit == other.RateLimit;

    public override int GetHashCode() => HashCode.Combine(AllowedSources.Count, Users.Count, RateLimit);
}

/// <param name="Name">Without a colon.</param>
/// <param name="PasswordHash">A <see cref="Routing.PasswordHash"/> as text.</param>
public sealed record RouteUser(string Name, string PasswordHash);

/// <param name="Requests">How many in each period, on average.</param>
/// <param name="Burst">How many at once, after a pause.</param>
public sealed record RouteRateLimit(int Requests, TimeSpan Period, int Burst);

/// <summary>Whether the requests of one client go to one instance.</summary>
public enum RouteStickiness
{
    None,

    /// <summary>By a cookie that the gateway sets.</summary>
    Cookie,
}
