using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Parameters;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Parameters.Api;

/// <summary>Filters on parameters, all of which must fit.</summary>
internal sealed class ParameterFilters
{
    public const string NoPath =
        "The parameter doesn't meet the parameter name requirements. The parameter name must begin with a forward slash \"/\". It can't be prefixed with \"aws\" or \"ssm\" (case-insensitive). "
        + "It must use only letters, numbers, or the following symbols: . (period), - (hyphen), _ (underscore). Special characters are not allowed. "
        + "All sub-paths, if specified, must use the forward slash symbol \"/\". Valid example: /get/parameters2-/by1./path0_.";

    private readonly IReadOnlyList<ParameterFilter> _filters;

    private ParameterFilters(IReadOnlyList<ParameterFilter> filters) => _filters = filters;

    /// <summary>For <c>GetParametersByPath</c>.</summary>
    public static ParameterFilters OfValues(JsonObject input) => new(Read(input, ["Type", "KeyId", ParameterFilter.Label]));

    /// <summary>For <c>DescribeParameters</c>, whose older <c>Filters</c> know no options: their values are beginnings.</summary>
    public static ParameterFilters OfDescriptions(JsonObject input)
    {
        var older = input.Objects("Filters") ?? [];
        return older.Count > 0 && input.Objects("ParameterFilters") is { Count: > 0 }
            ? throw ParameterErrors.Invalid("You can use either Filters or ParameterFilters in a single request.")
            : new ParameterFilters(
            [
                .. older.Select(static filter => new ParameterFilter(filter.RequiredText("Key"), ParameterFilter.BeginsWith, filter.Texts("Values") ?? [])),
                .. Read(input, [ParameterFilter.Path, "Name", "Type", "KeyId", "Tier", "DataType"]),
            ]);
    }

    public bool Match(ParameterRecord parameter) => _filters.All(filter => filter.Match(parameter));

    /// <summary>What a filter by label chooses; else what the parameter is now.</summary>
    public ParameterVersion Version(ParameterRecord parameter) => _filters
        .Where(static filter => filter is { Key: ParameterFilter.Label })
        .SelectMany(static filter => filter.Values)
        .Select(parameter.FindLabel)
        .OfType<ParameterVersion>()
        .FirstOrDefault() ?? parameter.Current;

    private static IReadOnlyList<ParameterFilter> Read(JsonObject input, IReadOnlyList<string> keys)
    {
        var filters = (input.Objects("ParameterFilters") ?? []).Select(filter => ParameterFilter.Read(filter, keys)).ToList();
        if (filters.GroupBy(static filter => filter.Key, StringComparer.Ordinal).FirstOrDefault(static same => same.Count() > 1) is { } twice)
        {
            throw ParameterFilter.InvalidKey($"The following filter is duplicated in the request: {twice.Key}. A request can contain only one occurrence of a specific filter.");
        }

        return filters.Any(static filter => filter.Key == ParameterFilter.Path) && filters.Any(static filter => filter.Key == "Name")
            ? throw ParameterErrors.Invalid("Filters Path and Name cannot be used together.")
            : filters;
    }
}
