using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sanbashi.Wire.Tests.Dispatch;
using Sanbashi.Wire.Tests.ServiceModels;
using Sanbashi.Wire.Tests.Validation;

namespace Sanbashi.Wire.Tests.Protocols;

public sealed class AwsJsonProtocolTests
{
    [Theory]
    [InlineData("[]", "The body must be a JSON object; it is a list.")]
    [InlineData("1", "The body must be a JSON object; it is another number.")]
    [InlineData("{", "broken at line 1, byte 2")]
    [InlineData("{\"Name\": \"abc\"} x", "can't be read as JSON")]
    [InlineData("{\"Name\": \"abc\", \"Name\": \"abd\"}", "can't be read as JSON")]
    [InlineData("{\"Name\": \"\\ud800\"}", "'name' is not valid text")]
    [InlineData("{\"Names\": [null]}", "'names.1.member' must not be null")]
    [InlineData("{\"Count\": 1.5}", "'count' must be a whole number of 32 bits")]
    [InlineData("{\"Count\": 3000000000}", "'count' must be a whole number of 32 bits")]
    [InlineData("{\"Count\": \"1\"}", "'count' must be a whole number of 32 bits; it is a string")]
    [InlineData("{\"Big\": 9223372036854775808}", "'big' must be a whole number of 64 bits")]
    [InlineData("{\"Ratio\": 1e999}", "'ratio' must be a number")]
    [InlineData("{\"When\": 1e12}", "'when' must be a time in seconds since the epoch")]
    [InlineData("{\"When\": \"noon\"}", "'when' must be a time in seconds since the epoch; it is a string")]
    [InlineData("{\"Data\": \"*\"}", "'data' must be base64 text")]
    [InlineData("{\"Count\": [], \"On\": 1, \"Inner\": 2}", "'count' must be a whole number of 32 bits; it is a list; 'on' must be true or false; it is another number; 'inner' must be an object; it is another number")]
    public void Input_Unreadable_SaysWhere(string json, string expected)
    {
        var refused = Should.Throw<ApiException>(() => InputPipeline.Read(ToyModel.Json, "PutThing", json));

        refused.Code.ShouldBe("SerializationException");
        refused.Message.ShouldContain(expected);
    }

    [Theory]
    [InlineData("7B 22 4E 61 6D 65 22 3A 22 FF 22 7D")] // {"Name":"<FF>"}
    [InlineData("7B 22 FF 22 3A 31 7D")] // {"<FF>":1}
    [InlineData("7B 22 4C 61 62 65 6C 73 22 3A 7B 22 FF 22 3A 22 22 7D 7D")] // {"Labels":{"<FF>":""}}
    [InlineData("7B 22 41 6E 79 22 3A 7B 22 FF 22 3A 22 FF 22 7D 7D")] // {"Any":{"<FF>":"<FF>"}}
    [InlineData("7B 22 4C 61 62 65 6C 73 22 3A 7B 22 5C 75 44 38 30 30 22 3A 22 22 7D 7D")] // {"Labels":{"\ud800":""}}
    [InlineData("7B 22 41 6E 79 22 3A 7B 22 5C 75 44 38 30 30 22 3A 22 5C 75 44 38 30 30 22 7D 7D")] // {"Any":{"\ud800":"\ud800"}}
    public void Input_NotUnicode_IsRefused(string hex)
    {
        var body = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

        Should.Throw<ApiException>(() => InputPipeline.Read(ToyModel.Json, "PutThing", body));
    }

    [Fact]
    public void Input_TooDeep_IsRefused()
    {
        var json = string.Concat(Enumerable.Repeat("{\"Inner\":", 200)) + "{}" + new string('}', 200);

        Should.Throw<ApiException>(() => InputPipeline.Read(ToyModel.Json, "PutThing", json)).Code.ShouldBe("SerializationException");
    }

    [Fact]
    public void Input_AllShapes_AreReadAsSent()
    {
        const string Json = """
            {"Name": "abc", "Count": 3, "Big": 9007199254740993, "Ratio": 0.5, "On": true, "When": 1767323045.5, "Data": "AQI=",
             "Names": ["aa"], "FlatNames": [], "Labels": {"kk": ""}, "Inner": {"Id": "aa"}, "Any": {"x": [1, null, {"y": "z"}]}}
            """;

        var input = InputPipeline.Read(ToyModel.Json, "PutThing", Json);

        JsonNode.DeepEquals(input, JsonNode.Parse(Json)).ShouldBeTrue(input.ToJsonString());
        input["Big"]!.GetValue<long>().ShouldBe(9007199254740993);
        input["Count"]!.GetValue<int>().ShouldBe(3);
        input["When"]!.GetValue<double>().ShouldBe(1767323045.5);
    }

    [Theory]
    [InlineData("")]
    [InlineData("  \n")]
    [InlineData("{}")]
    public void Input_Empty_IsAnEmptyObject(string body)
    {
        InputPipeline.Read(ToyModel.Json, "Ping", body).ShouldBeEmpty();
    }

    [Fact]
    public async Task Output_IsRenderedByShape()
    {
        var output = (JsonObject)JsonNode.Parse("""
            {"When": 1767323045.5, "IsoWhen": 1767323045.5, "HttpWhen": 1767323045, "Count": 3, "Name": "räk\u0001☕</script>", "Names": null, "Labels": {}}
            """)!;
        await using var host = await WireHost.Start([new ApiService(ToyModel.Json).Handle("PutThing", WireHost.Answer(output))]);

        using var response = await Post(host, "Toy_2026.PutThing", """{"Name": "abc"}""");

        response.Content.Headers.ContentType!.ToString().ShouldBe("application/x-amz-json-1.1");
        Guid.TryParseExact(response.Headers.GetValues("x-amzn-RequestId").Single(), "D", out _).ShouldBeTrue();
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(
            """{"Name":"räk\u0001☕</script>","Count":3,"When":1767323045.5,"HttpWhen":"Fri, 02 Jan 2026 03:04:05 GMT","IsoWhen":"2026-01-02T03:04:05.500Z","Labels":{}}""");
    }

    [Theory]
    [InlineData("Toy_2026.PutThing", """{"Name": "gone"}""", 410, """{"__type":"GoneException","message":"it is gone"}""")]
    [InlineData("Toy_2026.PutThing", """{"Name": "busy"}""", 400, """{"__type":"ThrottlingException","message":"slow down"}""")]
    [InlineData("Toy_2026.Nothing", "{}", 404, """{"__type":"UnknownOperationException","message":"Could not find operation Nothing for version 2026-01-01 of Toy."}""")]
    [InlineData("Toy_2026.Ping", "{}", 404, """{"__type":"UnknownOperationException","message":"Could not find operation Ping for version 2026-01-01 of Toy."}""")]
    [InlineData("Other.Ping", "{}", 404, """{"__type":"UnknownOperationException","message":"No service here has the operation 'Other.Ping'."}""")]
    public async Task Error_OfEachKind_HasTypeAndMessage(string target, string body, int status, string expected)
    {
        var service = new ApiService(ToyModel.Json).Handle("PutThing", (call, _) => throw (call.Input["Name"]!.GetValue<string>() switch
        {
            "gone" => new ApiException("GoneException", "it is gone"),
            _ => new ApiException("ThrottlingException", "slow down"),
        }));
        await using var host = await WireHost.Start([service]);

        using var response = await Post(host, target, body);

        ((int)response.StatusCode).ShouldBe(status);
        response.Headers.Contains("x-amzn-RequestId").ShouldBeTrue();
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(expected);
    }

    [Fact]
    public async Task Error_LongerThanTheModelAllows_IsCut()
    {
        var service = new ApiService(ToyModel.Json).Handle("PutThing", (_, _) => throw new ApiException("GoneException", new string('x', 500)));
        await using var host = await WireHost.Start([service]);

        (await Should.ThrowAsync<ApiException>(() => host.Client().Call(ToyModel.Json, "PutThing", new JsonObject { ["Name"] = "abc" })))
            .Message.ShouldBe(new string('x', 297) + "...");
    }

    [Fact]
    public async Task QueryCompatible_Error_CarriesTheOlderCodeToo()
    {
        var service = new ApiService(ToyModel.QueryCompatible).Handle("PutThing", (_, _) => throw new ApiException("GoneException", "it is gone"));
        await using var host = await WireHost.Start([service]);

        using var response = await Post(host, "Toy.PutThing", """{"Name": "abc"}""");

        response.StatusCode.ShouldBe(HttpStatusCode.Gone);
        response.Headers.GetValues("x-amzn-query-error").Single().ShouldBe("Toy.Gone;Sender");
    }

    [Fact]
    public async Task AppRunnerErrors_SpellMessageWithACapital()
    {
        await using var host = await WireHost.Start([new ApiService(ServiceModel.LoadEmbedded("apprunner")).Handle("ListServices", WireHost.Answer([]))]);

        using var response = await Post(host, "AppRunner.ListServices", "{}", "toy");

        response.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).ShouldBe(
            """{"__type":"InvalidSignatureException","Message":"Credential should be scoped to correct service: 'apprunner'. "}""");
    }

    private static async Task<HttpResponseMessage> Post(WireHost host, string target, string json, string service = "toy")
    {
        var body = Encoding.UTF8.GetBytes(json);
        using var request = new HttpRequestMessage(HttpMethod.Post, host.Endpoint) { Content = new ByteArrayContent(body) };
        request.Headers.TryAddWithoutValidation("X-Amz-Target", target);
        SigV4Signer.Sign(request, body, WireHost.Root, service, WireHost.Region, TimeProvider.System.GetUtcNow());
        return await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
