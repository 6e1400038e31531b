using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Parameters;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Parameters.Api;

/// <summary>One filter: a parameter passes when any value fits.</summary>
internal sealed record ParameterFilter(string Key, string Option, IReadOnlyList<string> Values)
{
    public const string BeginsWith = "BeginsWith";
    public const string TagPrefix = "tag:";
    public const string Path = "Path";
    public const string Label = "Label";

    private const string Equal = "Equals";
    private const string Contains = "Contains";
    private const string OneLevel = "OneLevel";
    private const string Recursive = "Recursive";

    /// <param name="keys">The keys that may be used here, besides tags.</param>
    /// <exception cref="ApiException">The filter can't be used.</exception>
    public static ParameterFilter Read(JsonObject filter, IReadOnlyList<string> keys)
    {
        var key = filter.RequiredText("Key");
        var isTag = key.StartsWith(TagPrefix, StringComparison.Ordinal);
        if (!isTag && !keys.Contains(key))
        {
            throw InvalidKey($"The following filter key is not valid: {Excerpt.Of(key)}. Valid filter keys include: [{string.Join(", ", keys)}].");
        }

        string[] options = key switch
        {
            Path => [Recursive, OneLevel],
            "Name" => [BeginsWith, Equal, Contains],
            Label or "Tier" or "DataType" => [Equal],
            _ => [BeginsWith, Equal],
        };
        var option = filter.Text("Option") ?? (key == Path ? OneLevel : Equal);
        if (!options.Contains(option))
        {
            throw new ApiException("InvalidFilterOption", $"The following filter option is not valid: {Excerpt.Of(option)}. Valid options include: [{string.Join(", ", options)}].");
        }

        var values = filter.Texts("Values") ?? [];
        if (values.Count == 0 && !isTag)
        {
            throw new ApiException("InvalidFilterValue", $"The following filter values are missing : null for filter key {key}");
        }

        return key == Path && values.FirstOrDefault(static value => !ParameterName.IsPath(value)) is not null
            ? throw ParameterErrors.Invalid(ParameterFilters.NoPath)
            : new ParameterFilter(key, option, values);
    }

    public static ApiException InvalidKey(string message) => new("InvalidFilterKey", message);

    public bool Match(ParameterRecord parameter)
    {
        if (Key == Path)
        {
            return Values.Any(path => ParameterName.IsBelow(parameter.Name, path, Option == Recursive));
        }

        if (Key.StartsWith(TagPrefix, StringComparison.Ordinal))
        {
            return parameter.Tags.TryGetValue(Key[TagPrefix.Length..], out var tag) && (Values.Count == 0 || Values.Any(value => Fits(tag, value)));
        }

        IEnumerable<string> texts = Key switch
        {
            "Name" => [parameter.Name, parameter.Name.TrimStart('/')],
            "Type" => [parameter.Type],
            "KeyId" => parameter.Current.KeyId is { } key ? [key] : [],
            "Tier" => [parameter.Current.Tier],
            "DataType" => [parameter.Current.DataType],
            _ => parameter.Versions.SelectMany(static version => version.Labels),
        };
        return texts.Any(text => Values.Any(value => Fits(text, value)));
    }

    private bool Fits(string text, string value) => Option switch
    {
        BeginsWith => text.StartsWith(value, StringComparison.Ordinal),
        Contains => text.Contains(value, StringComparison.Ordinal),
        _ => text == value,
    };
}
