using System.Text.Json.Nodes;

namespace Sanbashi.Wire.Tests.Paging;

public sealed class PageTokensTests
{
    private static readonly ServiceModel AppRunner = ServiceModel.LoadEmbedded("apprunner");
    private static readonly string[] Items = ["a", "b", "c", "d", "e"];

    [Fact]
    public void Page_FollowedToTheEnd_HasEachItemOnce()
    {
        var seen = new List<string>();
        string? token = null;
        do
        {
            var (items, next) = PageTokens.Page(Call("""{"MaxResults": 2}""", token), Items, item => item, 2);
            items.Count.ShouldBeLessThanOrEqualTo(2);
            seen.AddRange(items);
            token = next;
        }
        while (token is not null);

        seen.ShouldBe(Items);
    }

    [Fact]
    public void Page_WithoutALimit_IsAll()
    {
        PageTokens.Page(Call("{}"), Items, item => item, null).ShouldSatisfyAllConditions(
            page => page.Items.ShouldBe(Items),
            page => page.NextToken.ShouldBeNull());
    }

    [Fact]
    public void Page_ExactlyFull_IsTheLast()
    {
        PageTokens.Page(Call("{}"), Items, item => item, 5).NextToken.ShouldBeNull();
    }

    [Fact]
    public void Page_ItemsRemovedBetween_SkipsNoOther()
    {
        var (_, token) = PageTokens.Page(Call("""{"MaxResults": 2}"""), Items, item => item, 2);

        PageTokens.Page(Call("""{"MaxResults": 2}""", token), ["c", "d"], item => item, 2).Items.ShouldBe(["c", "d"]);
    }

    [Fact]
    public void Token_SameParametersInAnotherOrder_IsValid()
    {
        var token = PageTokens.Write(Call("""{"A": 1, "B": {"C": [1, "x"], "D": true}}"""), "cursor é");

        PageTokens.Read(Call("""{"B": {"D": true, "C": [1, "x"]}, "A": 1}""", token)).ShouldBe("cursor é");
    }

    [Fact]
    public void Token_ForAnythingElse_IsRefused()
    {
        var call = Call("""{"MaxResults": 2}""");
        var token = PageTokens.Write(call, "cursor");

        Refuse(Call("""{"MaxResults": 3}""", token));
        Refuse(Call("{}", token));
        Refuse(Call("""{"MaxResults": 2}""", token) with { Operation = "ListConnections" });
        Refuse(Call("""{"MaxResults": 2}""", token) with { Region = "other-1" });
        Refuse(Call("""{"MaxResults": 2}""", token) with { Account = "999999999999" });
        Refuse(Call("""{"MaxResults": 2}""", token) with { Model = ServiceModel.LoadEmbedded("sanbashi") });
        foreach (var broken in new[] { "x", "", "!!!!", token[..^8], token + "AAAA!", "_" + token[1..], token[..10], "AAAA", new string('A', 1024) })
        {
            Refuse(Call("""{"MaxResults": 2}""", broken));
        }

        static void Refuse(ApiCall call)
        {
            var refused = Should.Throw<ApiException>(() => PageTokens.Read(call, "InvalidParameterException"));
            refused.Code.ShouldBe("InvalidParameterException");
            refused.Message.ShouldStartWith("The NextToken is not valid.");
        }
    }

    [Fact]
    public void Token_LongestCursor_FitsTheModel()
    {
        PageTokens.Write(Call("{}"), new string('x', PageTokens.MaxCursorBytes)).Length.ShouldBeLessThanOrEqualTo(1024);
        Should.Throw<ArgumentException>(() => PageTokens.Write(Call("{}"), new string('x', PageTokens.MaxCursorBytes + 1)));
        Should.Throw<ArgumentException>(() => PageTokens.Write(Call("{}"), ""));
    }

    private static ApiCall Call(string input, string? token = null)
    {
        var members = JsonNode.Parse(input)!.AsObject();
        if (token is not null)
        {
            members["NextToken"] = token;
        }

        return new ApiCall(AppRunner, "ListServices", members, "000000000000", "local-1", "AKID", "id");
    }
}
