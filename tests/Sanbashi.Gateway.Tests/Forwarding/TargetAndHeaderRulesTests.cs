using Microsoft.Extensions.Primitives;
using Sanbashi.Gateway.Forwarding;
using Sanbashi.Gateway.Routing;

namespace Sanbashi.Gateway.Tests.Forwarding;

public sealed class TargetAndHeaderRulesTests
{
    [Theory]
    [InlineData("/a?b", "/a?b", "/a")]
    [InlineData("http://host/a?b", "/a?b", "/a")]
    [InlineData("http://host", "/", "/")]
    [InlineData("http://host?b", "/?b", "/")]
    [InlineData("*", "/", "/")]
    public void Target_InEachForm_HasPathAndQuery(string raw, string pathAndQuery, string path)
    {
        RequestTarget.PathAndQuery(raw).ToString().ShouldBe(pathAndQuery);
        RequestTarget.PathOf(raw).ToString().ShouldBe(path);
    }

    [Theory]
    [InlineData("name", "name")]
    [InlineData("name:80", "name")]
    [InlineData("name.", "name")]
    [InlineData("name.:80", "name")]
    [InlineData("[::1]:8080", "[::1]")]
    [InlineData("[::1]", "[::1]")]
    [InlineData("127.0.0.1:1", "127.0.0.1")]
    [InlineData("", "")]
    [InlineData(".", ".")]
    [InlineData("name:", "name")]
    public void Host_InEachForm_HasAName(string host, string name) => HostName.Of(host).ToString().ShouldBe(name);

    [Theory]
    [InlineData("keep-alive", null)]
    [InlineData("close, Upgrade", null)]
    [InlineData("Host, content-length", null)]
    [InlineData("X-A, x-b", "X-A,x-b")]
    [InlineData("TE, Transfer-Encoding, close", null)]
    [InlineData(", ,X-A", "X-A")]
    public void Connection_List_NamesHeaders(string value, string? names) =>
        (HopByHop.NamedIn(new StringValues(value)) is { } found ? string.Join(',', found) : null).ShouldBe(names);

    [Fact]
    public void TraceParent_Made_IsValidAndDifferent()
    {
        var made = Enumerable.Range(0, 100).Select(_ => TraceParent.Make()).ToList();

        made.ShouldAllBe(value => TraceParent.IsValid(value));
        made.Distinct().Count().ShouldBe(100);
    }

    [Theory]
    [InlineData("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", true)]
    [InlineData("01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01more", false)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more", false)]
    [InlineData("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x", false)]
    public void TraceParent_OfALaterVersion_MayBeLonger(string value, bool isValid) => TraceParent.IsValid(value).ShouldBe(isValid);
}
