using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Identity.Iam;

/// <summary>Lists in pages, ordered by a key that the marker holds.</summary>
internal static class IamPages
{
    private const int DefaultSize = 100;
    private const string InvalidMarker = "ValidationError";

    public static JsonObject Answer<T>(ApiCall call, string listMember, IEnumerable<T> items, Func<T, string> key, Func<T, JsonNode> render)
    {
        var start = PageTokens.Read(call, InvalidMarker, "Marker");
        var size = call.Input.Integer("MaxItems") ?? DefaultSize;
        var page = items
            .OrderBy(key, StringComparer.Ordinal)
            .SkipWhile(item => start is not null && StringComparer.Ordinal.Compare(key(item), start) <= 0)
            .Take(size + 1)
            .ToList();
        var output = new JsonObject
        {
            [listMember] = ApiOutput.List(page.Take(size).Select(render)),
            ["IsTruncated"] = page.Count > size,
        };
        if (page.Count > size)
        {
            output["Marker"] = PageTokens.Write(call, key(page[size - 1]), "Marker");
        }

        return output;
    }
}
