namespace Sanbashi.Domain.Routing;

/// <summary>
/// A revision beside the serving one that takes a part of the requests. Its instances are listed here and not with the others: a gateway that knows nothing
/// of canaries sends it nothing.
/// </summary>
public sealed record RouteCanary
{
    public required int Revision { get; init; }

    /// <summary>The revision that serves beside it and takes the rest.</summary>
    public required int Beside { get; init; }

    /// <summary>Its share of the requests, 0 to 100.</summary>
    public required int Percent { get; init; }

    /// <summary><see cref="RouteAvailability.Serving"/>, <see cref="RouteAvailability.Asleep"/>, or <see cref="RouteAvailability.Unavailable"/>: then the serving revision takes its share.</summary>
    public required RouteAvailability Availability { get; init; }

    /// <summary>Its instances that take new requests.</summary>
    public required IReadOnlyList<RouteInstance> Instances { get; init; }

    /// <summary>Requests in flight per instance of it.</summary>
    public required int MaxConcurrency { get; init; }

    /// <summary>What its instances speak.</summary>
    public required InstanceProtocol Protocol { get; init; }

    public bool Equals(RouteCanary? other) =>
        other is not null
        && Revision == other.Revision
        && Beside == other.Beside
        && Percent == other.Percent
        && Availability == other.Availability
        && MaxConcurrency == other.MaxConcurrency
        && Protocol == other.Protocol
        && Instances.SequenceEqual(other.Instances);

    public override int GetHashCode() => HashCode.Combine(Revision, Percent, Availability, Instances.Count);
}
