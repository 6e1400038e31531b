using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Networks;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Networks.Ec2;

/// <summary>A Describe operation: by ids, by filters, in pages.</summary>
/// <param name="ListMember">The output's member.</param>
/// <param name="IdMember">The input's member with ids.</param>
internal sealed record Ec2Description<T>(string ListMember, string IdMember, Ec2Filters<T> Filters, Func<ApiCall, NetworkMap, T, JsonNode> Render)
    where T : NetworkResource
{
    private const string InvalidToken = "InvalidNextToken";

    /// <summary>One operation calls it otherwise.</summary>
    public string FilterMember { get; init; } = "Filters";

    public JsonObject Answer(ApiCall call, NetworkMap map) => Answer(call, map, map.All<T>());

    public JsonObject Answer(ApiCall call, NetworkMap map, IEnumerable<T> all)
    {
        var ids = call.Input.Texts(IdMember) ?? [];
        var size = call.Input.Integer("MaxResults");
        if (ids.Count > 0)
        {
            if (size is not null)
            {
                throw Ec2Errors.Combination($"The parameter {IdMember} cannot be used with the parameter MaxResults");
            }

            all = ids.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(map.Get<T>);
        }

        var (items, next) = PageTokens.Page(call, Filters.Apply(map, all, call.Input.Objects(FilterMember)), resource => resource.Id, size, InvalidToken);
        var output = new JsonObject { [ListMember] = ApiOutput.List(items.Select(item => Render(call, map, item))) };
        if (next is not null)
        {
            output["NextToken"] = next;
        }

        return output;
    }
}
