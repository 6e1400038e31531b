using System.Text.Json.Nodes;
using Sanbashi.Engines;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Tests.Api;

public sealed class ServiceLogTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Operation = "0123456789abcdef0123456789abcdef";
    private readonly ApiClient _client = host.NewRegion();

    [Fact]
    public async Task Events_InPages_AreReadOnceEachAndFollowed()
    {
        var (arn, id) = await Service("events");
        for (var i = 1; i <= 5; i++)
        {
            host.LogStore.AppendEvent(id, $"line {i}");
        }

        var first = await Read(arn, """{"Limit":3}""");
        Lines(first).ShouldBe(["line 1", "line 2", "line 3"]);
        var second = await Read(arn, """{"Limit":3}""", first);
        Lines(second).ShouldBe(["line 4", "line 5"]);
        var nothing = await Read(arn, """{"Limit":3}""", second);
        Lines(nothing).ShouldBeEmpty();

        host.LogStore.AppendEvent(id, "line 6");
        Lines(await Read(arn, """{"Limit":3}""", nothing)).ShouldBe(["line 6"]);
        first["Events"]![0]!.AsObject().ContainsKey("Stream").ShouldBeFalse();
        first["Events"]![0]!["Timestamp"]!.ToJsonString().ShouldMatch(@"\A\d{10}(\.\d{1,3})?\z");
    }

    [Fact]
    public async Task Events_BeforeTheFirstLine_AnswerATokenThatFindsIt()
    {
        var (arn, id) = await Service("early");

        var nothing = await Read(arn, "{}");
        host.LogStore.AppendEvent(id, "at last");

        Lines(await Read(arn, "{}", nothing)).ShouldBe(["at last"]);
    }

    [Fact]
    public async Task Types_EachWithItsStreams_AreKeptApart()
    {
        var (arn, id) = await Service("types");
        host.LogStore.AppendEvent(id, "an event");
        host.LogStore.AppendDeployment(id, Operation, "a step");
        host.LogStore.AppendDeployment(id, Operation.Replace('0', 'f'), "another step");
        host.LogStore.AppendOutput(id, "aaaa", "main", Output("from a", 1));
        host.LogStore.AppendOutput(id, "bbbb", "main", Output("from b", 2));

        Lines(await Read(arn, """{"LogType":"events"}""")).ShouldBe(["an event"]);
        Lines(await Read(arn, """{"LogType":"deployment"}""")).ShouldBe(["a step", "another step"]);
        Lines(await Read(arn, $$"""{"LogType":"deployment","OperationId":"{{Operation}}"}""")).ShouldBe(["a step"]);
        Lines(await Read(arn, """{"LogType":"application"}""")).ShouldBe(["from a", "from b"]);
        var one = await Read(arn, """{"LogType":"application","InstanceId":"bbbb"}""");
        Lines(one).ShouldBe(["from b"]);
        one["Events"]![0].Text("Stream").ShouldBe("instance/bbbb");
        Lines(await Read(arn, """{"LogType":"access"}""")).ShouldBeEmpty();
        Lines(await Read(arn, """{"LogType":"application","StartTime":1700000002}""")).ShouldBe(["from b"]);
        Lines(await Read(arn, """{"LogType":"application","StartTime":99999999999}""")).ShouldBeEmpty();
        Lines(await Read(arn, """{"LogType":"application","StartTime":-5}""")).Count().ShouldBe(2);
    }

    [Fact]
    public async Task Read_WhatCannotBe_IsRefused()
    {
        var (arn, _) = await Service("refused");
        var token = (await Read(arn, "{}")).Text("NextToken");

        (await Refused(ApiClient.Named(arn, """{"LogType":"kernel"}"""))).Code.ShouldBe("InvalidRequestException");
        (await Refused(ApiClient.Named(arn, $$"""{"LogType":"access","NextToken":"{{token}}"}"""))).Code.ShouldBe("InvalidRequestException");
        (await Refused(ApiClient.Named($"{arn[..^1]}x"))).Code.ShouldBe("ResourceNotFoundException");
    }

    private static LogLine Output(string text, int second)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000 + second);
        return new LogLine(time, IsError: false, text, new LogCursor(time, time.ToUnixTimeSeconds() * 1_000_000_000, 1));
    }

    private async Task<(string Arn, string Id)> Service(string name)
    {
        var arn = await _client.CreateRunning(name);
        var service = await _client.Service(arn);
        host.LogStore.Register(service.Id, service.Name, service.Scope, service.CreatedAt, null);
        return (arn, service.Id);
    }

    private Task<JsonObject> Read(string arn, string members, JsonObject? after = null)
    {
        var input = ApiClient.Named(arn, members);
        input["NextToken"] = after?.Text("NextToken");
        return _client.Extension("GetServiceLogs", input);
    }

    private Task<ApiException> Refused(JsonObject input) => Should.ThrowAsync<ApiException>(() => _client.Extension("GetServiceLogs", input));

    private static IEnumerable<string> Lines(JsonObject answer) => answer["Events"]!.AsArray().Select(line => line.Text("Message"));
}
