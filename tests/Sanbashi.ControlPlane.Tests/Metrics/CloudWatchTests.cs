using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Metrics.Recording;
using Sanbashi.ControlPlane.Tests.Api;
using Sanbashi.Domain.Metrics;
using Sanbashi.Domain.Routing;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Tests.Metrics;

/// <summary>CloudWatch behind the real wire: signed calls in JSON as newer clients send them, and the real <c>aws</c>, which speaks the query protocol.</summary>
public sealed class CloudWatchTests(ApiHost host) : IClassFixture<ApiHost>
{
    private static readonly DateTimeOffset _start = new(2026, 11, 21, 7, 0, 0, TimeSpan.Zero);

    private readonly CancellationToken _cancelled = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Statistics_OfRecordedMinutes_AreExact()
    {
        var (client, id) = await Recorded();

        var answer = await Call(client, "GetMetricStatistics", Question(id, "Requests", """ "Period":300,"Statistics":["Sum","SampleCount","Average","Minimum","Maximum"] """));

        answer.Text("Label").ShouldBe("Requests");
        answer["Datapoints"]!.AsArray().ShouldHaveSingleItem()!.ShouldBeJson(
            $$"""{"Timestamp":{{_start.ToUnixTimeSeconds()}},"Unit":"Count","Sum":60,"SampleCount":3,"Average":20,"Minimum":10,"Maximum":30}""");
    }

    [Fact]
    public async Task Statistics_ByTheMinute_LeaveOutWhatWasNotRecorded()
    {
        var (client, id) = await Recorded();

        var answer = await Call(client, "GetMetricStatistics", Question(id, "5xxStatusResponses", """ "Period":60,"Statistics":["Sum"] """));

        answer["Datapoints"]!.AsArray().Select(point => ((long)point!["Timestamp"]!.GetValue<decimal>() - _start.ToUnixTimeSeconds(), point["Sum"]!.GetValue<double>()))
            .ShouldBe([(0, 1), (60, 2), (180, 3)]);
    }

    [Fact]
    public async Task Percentiles_OfLatency_AreThoseOfRequestsOverTheWholePeriod()
    {
        var (client, id) = await Recorded();

        var answer = await Call(client, "GetMetricStatistics", Question(id, "RequestLatency", """ "Period":3600,"ExtendedStatistics":["p50","p99.9"],"Statistics":["Average"] """));

        var point = answer["Datapoints"]!.AsArray().ShouldHaveSingleItem()!;
        point.Text("Unit").ShouldBe("Milliseconds");
        point["Average"]!.GetValue<double>().ShouldBe(20, 1e-6);
        point["ExtendedStatistics"]!["p50"]!.GetValue<double>().ShouldBeInRange(18, 20);
        point["ExtendedStatistics"]!["p99.9"]!.GetValue<double>().ShouldBeInRange(18, 20);
    }

    [Fact]
    public async Task Data_OfExpressions_IsComputedAndPaged()
    {
        var (client, id) = await Recorded();
        var queries = $$"""
            "MetricDataQueries":[
              {"Id":"all","MetricStat":{"Metric":{{Metric(id, "Requests")}},"Period":60,"Stat":"Sum"},"ReturnData":false},
              {"Id":"bad","MetricStat":{"Metric":{{Metric(id, "5xxStatusResponses")}},"Period":60,"Stat":"Sum"} },
              {"Id":"rate","Expression":"100 * part","Label":"failed"},
              {"Id":"part","Expression":"bad / all","ReturnData":false},
              {"Id":"none","MetricStat":{"Metric":{{Metric("nobody", "Requests")}},"Period":60,"Stat":"Sum"} }]
            """;

        var first = await Call(client, "GetMetricData", $$"""{{{Range()}},"ScanBy":"TimestampAscending","MaxDatapoints":4,{{queries}} }""");
        var second = await Call(client, "GetMetricData", $$"""{{{Range()}},"ScanBy":"TimestampAscending","MaxDatapoints":4,"NextToken":"{{first.Text("NextToken")}}",{{queries}} }""");

        first["MetricDataResults"]!.ShouldBeJson($$"""
            [{"Id":"bad","Label":"5xxStatusResponses","Timestamps":[{{At(0)}},{{At(1)}},{{At(3)}}],"Values":[1,2,3],"StatusCode":"Complete"},
             {"Id":"rate","Label":"failed","Timestamps":[{{At(0)}}],"Values":[10],"StatusCode":"PartialData"},
             {"Id":"none","Label":"Requests","Timestamps":[],"Values":[],"StatusCode":"Complete"}]
            """);
        second["MetricDataResults"]!.ShouldBeJson($$"""[{"Id":"rate","Label":"failed","Timestamps":[{{At(1)}},{{At(3)}}],"Values":[10,10],"StatusCode":"Complete"}]""");
        second["NextToken"].ShouldBeNull();
    }

    [Fact]
    public async Task Data_NewestFirst_IsTheDefault()
    {
        var (client, id) = await Recorded();

        var answer = await Call(client, "GetMetricData", $$"""{{{Range()}},"MetricDataQueries":[{"Id":"a","MetricStat":{"Metric":{{Metric(id, "Requests")}},"Period":60,"Stat":"Maximum"} }] }""");

        answer["MetricDataResults"]![0]!["Values"]!.ShouldBeJson("[30,20,10]");
    }

    [Theory]
    [InlineData("GetMetricStatistics", """ "Period":90,"Statistics":["Sum"] """, "InvalidParameterValueException", "multiple of 60")]
    [InlineData("GetMetricStatistics", """ "Period":60 """, "InvalidParameterCombinationException", "Must specify either Statistics or ExtendedStatistics")]
    [InlineData("GetMetricStatistics", """ "Period":60,"ExtendedStatistics":["p101"] """, "InvalidParameterValueException", "p101")]
    [InlineData("GetMetricStatistics", """ "Period":60,"Statistics":["Median"] """, "ValidationException", "'statistics.1.member'")]
    public async Task Statistics_ThatMakeNoSense_AreRefused(string operation, string members, string code, string message)
    {
        var error = await Should.ThrowAsync<ApiException>(() => Call(host.NewRegion(), operation, Question("x", "Requests", members)));

        error.Code.ShouldBe(code);
        error.Message.ShouldContain(message);
    }

    [Fact]
    public async Task Statistics_OfTooManyPeriods_AreRefusedInCloudWatchsWords()
    {
        var input = JsonNode.Parse(Question("x", "Requests", """ "Period":60,"Statistics":["Sum"] """))!.AsObject();
        input["EndTime"] = _start.AddDays(2).ToUnixTimeSeconds();

        var error = await Should.ThrowAsync<ApiException>(() => Call(host.NewRegion(), "GetMetricStatistics", input.ToJsonString()));

        error.Message.ShouldContain("You have requested up to 2880 datapoints, which exceeds the limit of 1440.");
    }

    [Theory]
    [InlineData("""[{"Id":"A","Expression":"1"}]""", "expected pattern")]
    [InlineData("""[{"Id":"a","Expression":"a"}]""", "depends on itself")]
    [InlineData("""[{"Id":"a","Expression":"b"}]""", "there is no query with the id 'b'")]
    [InlineData("""[{"Id":"a","Expression":"SEARCH('x')"}]""", "Error in expression 'a'")]
    [InlineData("""[{"Id":"a"}]""", "must have either MetricStat or Expression")]
    [InlineData("""[{"Id":"a","Expression":"1","ReturnData":false}]""", "must return data")]
    [InlineData("[]", "1 to 500 queries")]
    public async Task Data_ThatMakesNoSense_IsRefused(string queries, string message)
    {
        var error = await Should.ThrowAsync<ApiException>(() => Call(host.NewRegion(), "GetMetricData", $$"""{{{Range()}},"MetricDataQueries":{{queries}} }"""));

        error.Code.ShouldBe("ValidationError");
        error.Message.ShouldContain(message);
    }

    [Fact]
    public async Task Metrics_OfOneRegion_AreNotThoseOfAnother()
    {
        var (_, id) = await Recorded();
        var other = host.NewRegion();

        (await Call(other, "ListMetrics", "{}"))["Metrics"]!.AsArray().ShouldBeEmpty();
        (await Call(other, "GetMetricStatistics", Question(id, "Requests", """ "Period":60,"Statistics":["Sum"] """)))["Datapoints"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task Metrics_ThroughTheAwsCommand_AreListedAndRead()
    {
        var (client, id) = await Recorded();
        var aws = new AwsCli(host.Endpoint, client.Region);

        var listed = (await aws.Run("cloudwatch", "list-metrics", "--namespace", "AWS/AppRunner", "--dimensions", $"Name=ServiceID,Value={id}"))!["Metrics"]!.AsArray();
        listed.Select(metric => metric!.Text("MetricName")).ShouldBe(
            ["Requests", "2xxStatusResponses", "4xxStatusResponses", "5xxStatusResponses", "RequestLatency", "Concurrency", "ActiveInstances", "CPUUtilization", "MemoryUtilization"]);
        var statistics = await aws.Run(
            "cloudwatch", "get-metric-statistics", "--namespace", "AWS/AppRunner", "--metric-name", "Requests", "--dimensions", "Name=ServiceName,Value=shop", $"Name=ServiceID,Value={id}",
            "--start-time", "2026-11-21T07:00:00Z", "--end-time", "2026-11-21T08:00:00Z", "--period", "3600", "--statistics", "Sum", "Maximum");
        statistics!["Datapoints"]!.ShouldBeJson("""[{"Timestamp":"2026-11-21T07:00:00+00:00","Sum":60.0,"Maximum":30.0,"Unit":"Count"}]""");
        var data = await aws.Run(
            "cloudwatch", "get-metric-data", "--start-time", "2026-11-21T07:00:00Z", "--end-time", "2026-11-21T08:00:00Z", "--metric-data-queries",
            $$"""[{"Id":"m1","MetricStat":{"Metric":{{Metric(id, "Requests")}},"Period":60,"Stat":"Sum"} },{"Id":"e1","Expression":"SUM(METRICS()) / m1"}]""");
        data!["MetricDataResults"]!.AsArray().Select(result => result!["Values"]!.AsArray().Count).ShouldBe([3, 3]);
        (await aws.Fail(
            "cloudwatch", "get-metric-data", "--start-time", "2026-11-21T07:00:00Z", "--end-time", "2026-11-21T08:00:00Z", "--metric-data-queries", """[{"Id":"e1","Expression":"m9"}]"""))
            .ShouldContain("An error occurred (ValidationError)");
    }

    private async Task<(ApiClient Client, string Id)> Recorded()
    {
        var client = host.NewRegion();
        var service = await client.Service(await client.CreateRunning("shop"));
        var documents = new MetricDocuments(host.Documents.Store);
        foreach (var (minute, count) in new[] { (0, 10), (1, 20), (3, 30) })
        {
            var recorded = new MetricMinute();
            recorded.Traffic.Statuses[4] = count / 10;
            recorded.Traffic.Statuses[1] = count - (count / 10);
            recorded.Traffic.LatencySeconds = 0.02 * count;
            recorded.Traffic.Latency.Add(LatencyScale.BucketOf(0.019), count);
            await documents.Add(_start.AddMinutes(minute), [(service, recorded)], _cancelled);
        }

        return (client, service.Id);
    }

    private Task<JsonObject> Call(ApiClient client, string operation, string input) =>
        new AwsJsonClient(host.Http, host.Endpoint, ApiHost.Root, client.Region, TimeProvider.System)
            .Call("GraniteServiceVersion20100801", "monitoring", "1.0", operation, JsonNode.Parse(input)!.AsObject(), _cancelled);

    private static string Question(string id, string metric, string members)
    {
        var question = JsonNode.Parse(Metric(id, metric))!.AsObject();
        foreach (var (name, value) in JsonNode.Parse($$"""{{{Range()}},{{members}} }""")!.AsObject())
        {
            question[name] = value!.DeepClone();
        }

        return question.ToJsonString();
    }

    private static string Metric(string id, string name) =>
        $$"""{"Namespace":"AWS/AppRunner","MetricName":"{{name}}","Dimensions":[{"Name":"ServiceName","Value":"shop"},{"Name":"ServiceID","Value":"{{id}}"}]}""";

    private static string Range() => $"\"StartTime\":{_start.ToUnixTimeSeconds()},\"EndTime\":{_start.AddHours(1).ToUnixTimeSeconds()}";

    private static long At(int minute) => _start.AddMinutes(minute).ToUnixTimeSeconds();
}
