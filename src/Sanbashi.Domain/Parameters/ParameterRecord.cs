using System.Globalization;
using Sanbashi.Domain.Identity;

namespace Sanbashi.Domain.Parameters;

/// <summary>A parameter of the parameter store but for its values, which lie sealed in documents of their own (<see cref="ParameterValueRecord"/>).</summary>
public sealed record ParameterRecord
{
    public required ResourceScope Scope { get; init; }

    /// <summary>32 hex digits; what its values are bound to.</summary>
    public required string Id { get; init; }

    public required string Name { get; init; }

    public required string Type { get; init; }

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();

    /// <summary>Oldest first; the last one is what the parameter is now.</summary>
    public required IReadOnlyList<ParameterVersion> Versions { get; init; }

    public ParameterVersion Current => Versions[^1];

    public string Arn => ParameterArn.Of(Scope, Name);

    public ParameterVersion? FindVersion(long number) => Versions.FirstOrDefault(version => version.Number == number);

    /// <summary>By number or label.</summary>
    public ParameterVersion? Find(string selector) =>
        long.TryParse(selector, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? FindVersion(number) : FindLabel(selector);

    public ParameterVersion? FindLabel(string label) => Versions.FirstOrDefault(version => version.Labels.Contains(label, StringComparer.Ordinal));
}
