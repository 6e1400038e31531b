using System.Globalization;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Api;

/// <summary>Lists in pages. The cursor is the creation sequence of the last item, so that items that come or go between pages neither repeat nor hide others.</summary>
internal static class Pages
{
    /// <summary>Where the asked page starts: after this creation sequence (before it, newest first); null for the first page.</summary>
    public static long? Start(ApiCall call) =>
        PageTokens.Read(call, ApiErrors.InvalidRequestCode) is { } cursor ? long.Parse(cursor, NumberStyles.None, CultureInfo.InvariantCulture) : null;

    /// <summary>Omitted, all results are asked for in one answer.</summary>
    public static int? Size(ApiCall call) => call.Input.Integer("MaxResults");

    /// <param name="items">What lies after the page's start, at least one more than the page's size where there are more.</param>
    public static JsonObject Answer<T>(ApiCall call, string listMember, IEnumerable<Stored<T>> items, Func<Stored<T>, JsonNode> render)
    {
        var size = Size(call) ?? int.MaxValue - 1;
        var page = items.Take(size + 1).ToList();
        var output = new JsonObject { [listMember] = ApiOutput.List(page.Take(size).Select(render)) };
        if (page.Count > size)
        {
            output["NextToken"] = PageTokens.Write(call, page[size - 1].CreatedSequence.ToString(CultureInfo.InvariantCulture));
        }

        return output;
    }
}
