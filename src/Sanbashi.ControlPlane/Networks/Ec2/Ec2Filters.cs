using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Networks;

namespace Sanbashi.ControlPlane.Networks.Ec2;

/// <summary>
/// The filters of a Describe operation: all of them must match, each by one of its values, where <c>*</c> and <c>?</c> stand for any characters. Tags are filters of everything.
/// </summary>
internal sealed class Ec2Filters<T>
    where T : NetworkResource
{
    private readonly Dictionary<string, Func<NetworkMap, T, IEnumerable<string?>>> _values = new(StringComparer.Ordinal);

    public Ec2Filters<T> On(string name, Func<T, string?> value) => OnEach(name, (_, resource) => [value(resource)]);

    public Ec2Filters<T> On(string name, Func<T, bool> value) => OnEach(name, (_, resource) => [value(resource) ? "true" : "false"]);

    public Ec2Filters<T> OnEach(string name, Func<NetworkMap, T, IEnumerable<string?>> values)
    {
        _values.Add(name, values);
        return this;
    }

    /// <param name="given">The filters of the call.</param>
    /// <exception cref="Wire.ApiException">A filter is not one of this operation.</exception>
    public IEnumerable<T> Apply(NetworkMap map, IEnumerable<T> resources, IReadOnlyList<JsonObject>? given)
    {
        foreach (var filter in given ?? [])
        {
            var name = filter.Text("Name") ?? throw Ec2Errors.Missing("Filter.Name");
            var wanted = filter.Texts("Values") ?? [];
            var values = Values(name);
            resources = resources.Where(resource => values(map, resource).Any(value => value is not null && wanted.Any(pattern => Ec2Pattern.Matches(pattern, value))));
        }

        return resources;
    }

    private Func<NetworkMap, T, IEnumerable<string?>> Values(string name) => name switch
    {
        "tag-key" => (_, resource) => resource.Tags.Keys,
        "tag-value" => (_, resource) => resource.Tags.Values,
        _ when name.StartsWith("tag:", StringComparison.Ordinal) => (_, resource) => [resource.Tags.GetValueOrDefault(name["tag:".Length..])],
        _ => _values.GetValueOrDefault(name) ?? throw Ec2Errors.Invalid($"The filter '{Excerpt.Of(name)}' is invalid"),
    };
}
