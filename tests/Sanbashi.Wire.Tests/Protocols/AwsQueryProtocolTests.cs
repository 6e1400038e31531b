using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Sanbashi.Wire.Tests.Dispatch;
using Sanbashi.Wire.Tests.ServiceModels;

namespace Sanbashi.Wire.Tests.Protocols;

public sealed class AwsQueryProtocolTests
{
    [Fact]
    public void Input_AllShapes_AreRead()
    {
        var input = Read(
            "Action=PutThing&Version=2026-01-01&Name=abc&Count=3&Big=9007199254740993&Ratio=0.5&On=true&When=2026-01-02T03%3A04%3A05.5Z&Data=AQI%3D"
            + "&Names.member.2=bb&Names.member.1=aa&Names.member.10=cc&FlatName.1=aa&FlatName.2=bb&Labels.entry.1.key=k&Labels.entry.1.value=v+w"
            + "&FlatLabels.1.K=x&FlatLabels.1.V=y&Inner.Id=aa&Inner.Deeper.Id=bb&Inners.member.1.Id=cc&Unknown.member.1=x");

        JsonNode.DeepEquals(input, JsonNode.Parse("""
            {"Name": "abc", "Count": 3, "Big": 9007199254740993, "Ratio": 0.5, "On": true, "When": 1767323045.5, "Data": "AQI=",
             "Names": ["aa", "bb", "cc"], "FlatNames": ["aa", "bb"], "Labels": {"k": "v w"}, "FlatLabels": {"x": "y"},
             "Inner": {"Id": "aa", "Deeper": {"Id": "bb"}}, "Inners": [{"Id": "cc"}]}
            """)).ShouldBeTrue(input.ToJsonString());
        input["Count"]!.GetValue<int>().ShouldBe(3);
        input["Count"]!.GetValue<long>().ShouldBe(3);
    }

    [Fact]
    public void Input_EmptyList_IsGivenAndEmpty()
    {
        Read("Names=")["Names"].ShouldBeOfType<JsonArray>().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Count=x", "'count' is not a valid integer")]
    [InlineData("Count=1&On=yes", "'on' is not a valid boolean")]
    [InlineData("When=noon", "'when' is not a valid timestamp")]
    [InlineData("Data=***", "'data' is not a valid blob")]
    [InlineData("Ratio=NaN", "'ratio' is not a valid double")]
    [InlineData("Name.member.1=x", "'name' must be a single value")]
    [InlineData("Labels.entry.1.value=x", "'labels' has an entry without a key")]
    [InlineData("Labels.entry.1.key=a&Labels.entry.1.value=x&Labels.entry.2.key=a&Labels.entry.2.value=x", "'labels' has a key twice")]
    public void Input_WrongType_NamesTheMember(string form, string expected)
    {
        var refused = Should.Throw<ApiException>(() => Read(form));

        refused.Code.ShouldBe("SerializationException");
        refused.Message.ShouldContain(expected);
    }

    [Theory]
    [InlineData("Name=%zz")]
    [InlineData("Name=%C3")]
    [InlineData("Name=a&Name=b")]
    [InlineData("a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a=1")]
    public void Input_Malformed_IsRefused(string form)
    {
        Should.Throw<ApiException>(() => Read(form)).Code.ShouldBe("MalformedQueryString");
    }

    [Fact]
    public async Task Output_AllShapes_AreXmlInTheServicesNameSpace()
    {
        var output = (JsonObject)JsonNode.Parse("""
            {"Name": "a<&\u0001", "Count": 3, "When": 1767323045.5, "HttpWhen": 1767323045, "Names": ["aa", "bb"], "FlatNames": ["cc", "dd"],
             "Labels": {"k": "v"}, "FlatLabels": {"x": "y"}, "Inner": {"Id": "aa"}, "Inners": [{"Id": "bb"}], "IsoWhen": null}
            """)!;
        await using var host = await WireHost.Start([new ApiService(ToyModel.Query).Handle("PutThing", WireHost.Answer(output))]);

        using var response = await Post(host, "Action=PutThing&Version=2026-01-01&Name=abc");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/xml");
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var requestId = response.Headers.GetValues("x-amzn-RequestId").Single();
        text.ShouldBe(
            "<PutThingResponse xmlns=\"https://toy.example/2026/\"><PutThingResult><Name>a&lt;&amp;\uFFFD</Name><Count>3</Count>"
            + "<When>2026-01-02T03:04:05.500Z</When><HttpWhen>Fri, 02 Jan 2026 03:04:05 GMT</HttpWhen>"
            + "<Names><member>aa</member><member>bb</member></Names><FlatName>cc</FlatName><FlatName>dd</FlatName>"
            + "<Labels><entry><key>k</key><value>v</value></entry></Labels><FlatLabels><K>x</K><V>y</V></FlatLabels>"
            + "<Inner><Id>aa</Id></Inner><Inners><member><Id>bb</Id></member></Inners></PutThingResult>"
            + $"<ResponseMetadata><RequestId>{requestId}</RequestId></ResponseMetadata></PutThingResponse>");
    }

    [Theory]
    [InlineData("Action=PutThing&Version=2026-01-01&Name=x", 400, "ValidationError", "1 validation error detected: Value 'x' at 'name'")]
    [InlineData("Action=PutThing&Version=2026-01-01&Name=abc", 410, "Toy.Gone", "it is gone")]
    [InlineData("Action=Nothing&Version=2026-01-01", 400, "InvalidAction", "Could not find operation Nothing for version 2026-01-01")]
    [InlineData("Action=Ping&Version=2020-01-01", 400, "InvalidAction", "No service here has the operation 'Ping'")]
    [InlineData("Action=PutThing&Version=2026-01-01&Count=x", 400, "MalformedInput", "'count' is not a valid integer")]
    [InlineData("Action=PutThing&Version=2026-01-01&Name=%zz", 400, "MalformedQueryString", "can't be read")]
    public async Task Error_OfEachKind_IsXml(string form, int status, string code, string message)
    {
        var service = new ApiService(ToyModel.Query).Handle("PutThing", (_, _) => throw new ApiException("GoneException", "it is gone"));
        await using var host = await WireHost.Start([service]);

        using var response = await Post(host, form);

        ((int)response.StatusCode).ShouldBe(status);
        var error = XDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Root!;
        error.Name.LocalName.ShouldBe("ErrorResponse");
        error.Descendants().Single(element => element.Name.LocalName == "Code").Value.ShouldBe(code);
        error.Descendants().Single(element => element.Name.LocalName == "Message").Value.ShouldContain(message);
        error.Descendants().Single(element => element.Name.LocalName == "RequestId").Value
            .ShouldBe(response.Headers.GetValues("x-amzn-RequestId").Single());
    }

    [Fact]
    public async Task Unsigned_OperationWithoutAuthentication_IsFoundByItsAction()
    {
        ApiCall? seen = null;
        var service = new ApiService(ToyModel.Query)
            .Handle("SignIn", (call, _) =>
            {
                seen = call;
                return Task.FromResult(new JsonObject());
            })
            .Handle("Ping", WireHost.Answer([]));
        await using var host = await WireHost.Start([service]);

        using var signIn = await host.Http.GetAsync(new Uri(host.Endpoint, "/?Action=SignIn&Version=2026-01-01"), TestContext.Current.CancellationToken);
        using var ping = await host.Http.GetAsync(new Uri(host.Endpoint, "/?Action=Ping&Version=2026-01-01"), TestContext.Current.CancellationToken);

        signIn.StatusCode.ShouldBe(HttpStatusCode.OK);
        seen.ShouldNotBeNull().AccessKeyId.ShouldBeEmpty();
        ping.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await ping.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldContain("<Code>MissingAuthenticationToken</Code>");
    }

    [Fact]
    public async Task Presigned_Get_IsServed()
    {
        await using var host = await WireHost.Start([new ApiService(ToyModel.Query).Handle("Ping", WireHost.Answer([]))]);
        var url = SigV4Signer.Presign(
            HttpMethod.Get,
            new Uri(host.Endpoint, "/?Action=Ping&Version=2026-01-01"),
            WireHost.Temporary,
            "toy",
            WireHost.Region,
            TimeProvider.System.GetUtcNow(),
            TimeSpan.FromMinutes(1));

        (await host.Http.GetStringAsync(url, TestContext.Current.CancellationToken)).ShouldStartWith("<PingResponse");
    }

    private static JsonObject Read(string form) => QueryInputReader.OfQuery.Read(ToyModel.Query.GetShape("PutThingRequest"), FormParameters.Parse(form));

    private static async Task<HttpResponseMessage> Post(WireHost host, string form)
    {
        var body = Encoding.UTF8.GetBytes(form);
        using var request = new HttpRequestMessage(HttpMethod.Post, host.Endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
        SigV4Signer.Sign(request, body, WireHost.Root, "toy", WireHost.Region, TimeProvider.System.GetUtcNow());
        return await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
