using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Networks;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Networks.Ec2;

/// <summary>The operations on tags, of whatever has an id.</summary>
internal sealed class Ec2TagApi(Ec2Calls calls)
{
    private const string InvalidToken = "InvalidNextToken";

    private sealed record TagView(NetworkResource Resource, string Key, string Value)
    {
        public string Sort => $"{Resource.Id}/{Key}";
    }

    public void Register(ApiService api) => api
        .Handle("CreateTags", calls.Change(Create))
        .Handle("DeleteTags", calls.Change(Delete))
        .Handle("DescribeTags", calls.Query(Describe));

    private static JsonObject Create(ApiCall call, NetworkEdit edit)
    {
        foreach (var resource in Named(call, edit))
        {
            edit.Put(resource with { Tags = Ec2Tags.Add(resource.Tags, call.Input.Objects("Tags") ?? []) });
        }

        return [];
    }

    /// <summary>By key; with a value, only if that is the tag's; without any tag, all.</summary>
    private static JsonObject Delete(ApiCall call, NetworkEdit edit)
    {
        var given = call.Input.Objects("Tags") ?? [];
        foreach (var resource in Named(call, edit))
        {
            var kept = resource.Tags.Where(tag => given.Count > 0 && !given.Any(other => other.Text("Key") == tag.Key && (other.Text("Value") is not { } value || value == tag.Value)));
            edit.Put(resource with { Tags = kept.ToDictionary(StringComparer.Ordinal) });
        }

        return [];
    }

    private static List<NetworkResource> Named(ApiCall call, NetworkEdit edit) =>
        [.. call.Input.Texts("Resources")!.Distinct(StringComparer.Ordinal).Select(id => id == RegionRecord.TheId ? throw Ec2Errors.NotFound(id) : edit.Map.Get<NetworkResource>(id))];

    private static JsonObject Describe(ApiCall call, NetworkMap map)
    {
        var tags = map.Resources.Values.SelectMany(resource => resource.Tags.Select(tag => new TagView(resource, tag.Key, tag.Value)));
        foreach (var filter in call.Input.Objects("Filters") ?? [])
        {
            var name = filter.Text("Name") ?? throw Ec2Errors.Missing("Filter.Name");
            Func<TagView, string?> value = name switch
            {
                "key" => tag => tag.Key,
                "value" => tag => tag.Value,
                "resource-id" => tag => tag.Resource.Id,
                "resource-type" => tag => ResourceType(tag.Resource),
                _ when name.StartsWith("tag:", StringComparison.Ordinal) => tag => tag.Key == name["tag:".Length..] ? tag.Value : null,
                _ => throw Ec2Errors.Invalid($"The filter '{Excerpt.Of(name)}' is invalid"),
            };
            var wanted = filter.Texts("Values") ?? [];
            tags = tags.Where(tag => value(tag) is { } text && wanted.Any(pattern => Ec2Pattern.Matches(pattern, text)));
        }

        var (page, next) = PageTokens.Page(call, tags.OrderBy(tag => tag.Sort, StringComparer.Ordinal), tag => tag.Sort, call.Input.Integer("MaxResults"), InvalidToken);
        var output = new JsonObject
        {
            ["Tags"] = ApiOutput.List(page.Select(tag => new JsonObject
            {
                ["Key"] = tag.Key,
                ["Value"] = tag.Value,
                ["ResourceId"] = tag.Resource.Id,
                ["ResourceType"] = ResourceType(tag.Resource),
            })),
        };
        if (next is not null)
        {
            output["NextToken"] = next;
        }

        return output;
    }

    private static string ResourceType(NetworkResource resource) => resource switch
    {
        VpcRecord => "vpc",
        SubnetRecord => "subnet",
        SecurityGroupRecord => "security-group",
        SecurityGroupRuleRecord => "security-group-rule",
        RouteTableRecord => "route-table",
        InternetGatewayRecord => "internet-gateway",
        NatGatewayRecord => "natgateway",
        _ => "vpc-endpoint",
    };
}
