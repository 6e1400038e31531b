using System.Diagnostics;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Logs;
using Sanbashi.ControlPlane.Tests.Api;

namespace Sanbashi.ControlPlane.Tests.Logs;

public sealed class LogsApiTests : IAsyncLifetime
{
    private const string Service = LogLab.ServiceId;
    private const string NotFound = "ResourceNotFoundException";
    private const string Invalid = "InvalidParameterException";
    private const long Start = 1_777_716_000_000;

    private LogsHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await LogsHost.Start();
        for (var i = 0; i < 10; i++)
        {
            // Every second, the first at Start.
            _host.Lab.Store.AppendOutput(Service, "i1", "main", LogLab.Line((Start + (i * 1000)) * 1_000_000, i % 2 == 0 ? $"line {i}" : $"ERROR in line {i}"));
        }

        _host.Lab.Store.AppendOutput(Service, "i2", "main", LogLab.Line((Start + 4500) * 1_000_000, "other line"));
        _host.Lab.Store.AppendEvent(Service, "Service creation started.");
        _host.Lab.Store.AppendDeployment(Service, "op1", "[AppRunner] Deployment started.");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task DescribeLogGroups_OfAService_ListsItsGroupsInOrder()
    {
        _host.Lab.Register("11111111111111111111111111111111", "api");
        _host.Lab.Register("22222222222222222222222222222222", "web", region: "eu-west-1");

        var all = await _host.Call("DescribeLogGroups", "{}");

        Names(all).ShouldBe([LogsHost.Group("application", "api", "11111111111111111111111111111111"), LogsHost.Group("service", "api", "11111111111111111111111111111111"), LogsHost.Group("application"), LogsHost.Group("service")]);
        var group = all["logGroups"]![2]!;
        group["arn"]!.GetValue<string>().ShouldBe($"arn:aws:logs:local-1:000000000000:log-group:{LogsHost.Group("application")}:*");
        group["retentionInDays"]!.GetValue<int>().ShouldBe(30);
        group["storedBytes"]!.GetValue<long>().ShouldBeGreaterThan(500);
        group["creationTime"]!.GetValue<long>().ShouldBe(_host.Lab.Clock.GetUtcNow().ToUnixTimeMilliseconds());
        Names(await _host.Call("DescribeLogGroups", """{"logGroupNamePrefix":"/aws/apprunner/api/"}""")).Length.ShouldBe(2);
        Names(await _host.Call("DescribeLogGroups", """{"logGroupNamePattern":"/service"}""")).Length.ShouldBe(2);
        Names(await _host.Call("DescribeLogGroups", """{"logGroupNamePrefix":"/aws/lambda"}""")).ShouldBeEmpty();
        (await _host.Refused("DescribeLogGroups", """{"logGroupNamePrefix":"a","logGroupNamePattern":"b"}""", Invalid)).ShouldContain("mutually exclusive");
    }

    [Fact]
    public async Task DescribeLogGroups_InPages_GivesEachOnce()
    {
        var first = await _host.Call("DescribeLogGroups", """{"limit":1}""");
        var second = await _host.Call("DescribeLogGroups", $$"""{"limit":1,"nextToken":"{{first["nextToken"]}}"}""");

        Names(first).Concat(Names(second)).ShouldBe([LogsHost.Group("application"), LogsHost.Group("service")]);
        second["nextToken"].ShouldBeNull();
        await _host.Refused("DescribeLogGroups", """{"limit":1,"nextToken":"nonsense"}""", Invalid);
        await _host.Refused("DescribeLogGroups", """{"limit":51}""", Invalid);
    }

    [Fact]
    public async Task DescribeLogStreams_OfAGroup_ListsByNameOrByTime()
    {
        async Task<string[]> Streams(string kind, string more = "") =>
            [.. (await _host.Call("DescribeLogStreams", $$"""{"logGroupName":"{{LogsHost.Group(kind)}}"{{more}}}"""))["logStreams"]!.AsArray().Select(s => s!["logStreamName"]!.GetValue<string>())];

        (await Streams("application")).ShouldBe(["instance/i1", "instance/i2"]);
        (await Streams("service")).ShouldBe(["deployment/op1", "events"]);
        (await Streams("application", ""","orderBy":"LastEventTime" """)).ShouldBe(["instance/i2", "instance/i1"]);
        (await Streams("application", ""","orderBy":"LastEventTime","descending":true""")).ShouldBe(["instance/i1", "instance/i2"]);
        (await Streams("service", ""","logStreamNamePrefix":"dep" """)).ShouldBe(["deployment/op1"]);
        var stream = (await _host.Call("DescribeLogStreams", $$"""{"logGroupIdentifier":"arn:aws:logs:local-1:000000000000:log-group:{{LogsHost.Group("application")}}","limit":1,"descending":true}"""))["logStreams"]![0]!;
        (stream["logStreamName"]!.GetValue<string>(), stream["firstEventTimestamp"]!.GetValue<long>()).ShouldBe(("instance/i2", Start + 4500));
        (await _host.Refused("DescribeLogStreams", $$"""{"logGroupName":"{{LogsHost.Group("application")}}","orderBy":"LastEventTime","logStreamNamePrefix":"i"}""", Invalid)).ShouldContain("Cannot order by LastEventTime");
    }

    [Fact]
    public async Task DescribeLogStreams_InPages_GivesEachOnceInEitherOrder()
    {
        foreach (var order in new[] { "", ",\"descending\":true", ",\"orderBy\":\"LastEventTime\"", ",\"orderBy\":\"LastEventTime\",\"descending\":true" })
        {
            var input = $$"""{"logGroupName":"{{LogsHost.Group("application")}}","limit":1{{order}}""";
            var first = await _host.Call("DescribeLogStreams", input + "}");
            var second = await _host.Call("DescribeLogStreams", $$"""{{input}},"nextToken":"{{first["nextToken"]}}"}""");

            first["logStreams"]!.AsArray().Concat(second["logStreams"]!.AsArray()).Select(s => s!["logStreamName"]!.GetValue<string>()).Order().ShouldBe(["instance/i1", "instance/i2"]);
            second["nextToken"].ShouldBeNull();
        }
    }

    [Fact]
    public async Task GetLogEvents_WithoutADirection_GivesTheNewestInOrder()
    {
        var page = await Get("""  "limit":3 """);

        Messages(page).ShouldBe(["ERROR in line 7", "line 8", "ERROR in line 9"]);
        page["events"]![0]!["timestamp"]!.GetValue<long>().ShouldBe(Start + 7000);
    }

    [Fact]
    public async Task GetLogEvents_WithTokens_GoesThroughTheStreamAndStandsStillAtItsEnds()
    {
        var seen = new List<string>();
        var page = await Get(""" "limit":4,"startFromHead":true""");
        for (var i = 0; i < 3; i++)
        {
            seen.AddRange(Messages(page));
            page = await Get($$""" "limit":4,"startFromHead":true,"nextToken":"{{page["nextForwardToken"]}}" """);
        }

        seen.Count.ShouldBe(10);
        Messages(page).ShouldBeEmpty();
        var end = page["nextForwardToken"]!.GetValue<string>();
        (await Get($$""" "nextToken":"{{end}}" """))["nextForwardToken"]!.GetValue<string>().ShouldBe(end);
        end.ShouldStartWith("f/");

        _host.Lab.Store.AppendOutput(Service, "i1", "main", LogLab.Line((Start + 60_000) * 1_000_000, "late"));
        Messages(await Get($$""" "nextToken":"{{end}}" """)).ShouldBe(["late"]);

        var back = await Get($$""" "limit":3,"nextToken":"{{page["nextBackwardToken"]}}" """);
        Messages(back).ShouldBe(["line 6", "ERROR in line 7", "line 8"], "before the line that the token stands at");
        for (var i = 0; i < 4; i++)
        {
            back = await Get($$""" "limit":3,"nextToken":"{{back["nextBackwardToken"]}}" """);
        }

        var start = back["nextBackwardToken"]!.GetValue<string>();
        Messages(back).ShouldBeEmpty();
        (await Get($$""" "nextToken":"{{start}}" """))["nextBackwardToken"]!.GetValue<string>().ShouldBe(start);
    }

    [Fact]
    public async Task GetLogEvents_InARange_IncludesItsStartAndNotItsEnd()
    {
        Messages(await Get($$""" "startTime":{{Start + 2000}},"endTime":{{Start + 4000}} """)).ShouldBe(["line 2", "ERROR in line 3"]);
        Messages(await Get($$""" "startTime":{{Start + 9001}} """)).ShouldBeEmpty();
        Messages(await Get($$""" "endTime":9223372036854775807 """)).Length.ShouldBe(10);
        (await _host.Refused("GetLogEvents", EventsInput(""" "startTime":5,"endTime":4 """), Invalid)).ShouldContain("after endTime");
    }

    [Fact]
    public async Task GetLogEvents_OfWhatIsNotThere_SaysSo()
    {
        (await _host.Refused("GetLogEvents", """{"logGroupName":"/aws/lambda/x","logStreamName":"s"}""", NotFound)).ShouldBe("The specified log group does not exist.");
        (await _host.Refused("GetLogEvents", $$"""{"logGroupName":"{{LogsHost.Group("service", name: "wrong")}}","logStreamName":"events"}""", NotFound)).ShouldBe("The specified log group does not exist.");
        (await _host.Refused("GetLogEvents", $$"""{"logGroupName":"{{LogsHost.Group("access")}}","logStreamName":"access"}""", NotFound)).ShouldBe("The specified log group does not exist.");
        (await _host.Refused("GetLogEvents", $$"""{"logGroupName":"{{LogsHost.Group("application")}}","logStreamName":"instance/x"}""", NotFound)).ShouldBe("The specified log stream does not exist.");
        (await _host.Refused("GetLogEvents", $$"""{"logGroupName":"{{LogsHost.Group("application")}}","logStreamName":"../events"}""", NotFound)).ShouldBe("The specified log stream does not exist.");
        await _host.Refused("GetLogEvents", EventsInput(""" "nextToken":"f/12/s" """), Invalid);
        await _host.Refused("GetLogEvents", $$"""{"logGroupName":"{{LogsHost.Group("application")}}"}""", Invalid);
        (await _host.Refused("GetLogEvents", """{"logStreamName":"s"}""", Invalid)).ShouldContain("logGroupName or logGroupIdentifier");
        (await _host.Refused("GetLogEvents", """{"logStreamName":"s","logGroupName":"a","logGroupIdentifier":"b"}""", Invalid)).ShouldContain("mutually exclusive");
        await Should.ThrowAsync<Wire.ApiException>(() => _host.Call("GetLogEvents", EventsInput("\"limit\":1"), "eu-west-1"));
    }

    [Fact]
    public async Task FilterLogEvents_OverStreams_MergesThemAndNamesEach()
    {
        var all = await Filter("");

        Messages(all).Length.ShouldBe(11);
        all["events"]!.AsArray().Select(e => e!["timestamp"]!.GetValue<long>()).ShouldBeInOrder();
        all["events"]!.AsArray().Select(e => e!["eventId"]!.GetValue<string>()).ShouldBeUnique();
        var other = all["events"]![5]!;
        (other["message"]!.GetValue<string>(), other["logStreamName"]!.GetValue<string>()).ShouldBe(("other line", "instance/i2"));
        Messages(await Filter(""" "filterPattern":"ERROR -7" """)).ShouldBe(["ERROR in line 1", "ERROR in line 3", "ERROR in line 5", "ERROR in line 9"]);
        Messages(await Filter(""" "logStreamNames":["instance/i2"] """)).ShouldBe(["other line"]);
        Messages(await Filter(""" "logStreamNamePrefix":"instance/i2" """)).ShouldBe(["other line"]);
        Messages(await Filter($$""" "startTime":{{Start + 4000}},"endTime":{{Start + 5000}} """)).ShouldBe(["line 4", "other line", "ERROR in line 5"]);
    }

    [Fact]
    public async Task FilterLogEvents_InPages_GivesEachOnce()
    {
        var seen = new List<string>();
        string? token = null;
        do
        {
            var page = await Filter($$""" "filterPattern":"line","limit":2{{(token is null ? "" : $",\"nextToken\":\"{token}\"")}} """);
            seen.AddRange(Messages(page));
            token = page["nextToken"]?.GetValue<string>();
        }
        while (token is not null);

        seen.Count.ShouldBe(11);
        seen.ShouldBeUnique();
    }

    [Fact]
    public async Task FilterLogEvents_OfWhatItDoesNotKnow_SaysSo()
    {
        (await _host.Refused("FilterLogEvents", FilterInput(""" "filterPattern":"{ $.x = 1 }" """), Invalid)).ShouldContain("not available in this version");
        (await _host.Refused("FilterLogEvents", FilterInput(""" "logStreamNames":["instance/none"] """), NotFound)).ShouldBe("The specified log stream does not exist.");
        (await _host.Refused("FilterLogEvents", FilterInput(""" "logStreamNames":["a"],"logStreamNamePrefix":"b" """), Invalid)).ShouldContain("mutually exclusive");
    }

    [Fact]
    public async Task PutRetentionPolicy_ThenDelete_ShowsInTheGroup()
    {
        async Task<int?> Days() => (await _host.Call("DescribeLogGroups", $$"""{"logGroupNamePrefix":"{{LogsHost.Group("service")}}"}"""))["logGroups"]![0]!["retentionInDays"]?.GetValue<int>();
        var group = $"\"logGroupName\":\"{LogsHost.Group("service")}\"";

        await _host.Call("PutRetentionPolicy", $"{{{group},\"retentionInDays\":14}}");
        (await Days()).ShouldBe(14);
        _host.Lab.Reopen().Owners.Single().RetentionDays[LogGroup.Service].ShouldBe(14);
        await _host.Call("DeleteRetentionPolicy", $"{{{group}}}");
        (await Days()).ShouldBeNull();
        (await _host.Refused("PutRetentionPolicy", $"{{{group},\"retentionInDays\":2}}", Invalid)).ShouldContain("Value '2' at 'retentionInDays'");
        await _host.Refused("PutRetentionPolicy", """{"logGroupName":"none","retentionInDays":1}""", NotFound);
    }

    [Fact]
    public async Task DeleteLogGroup_RemovesItUntilTheNextLine()
    {
        await _host.Call("DeleteLogGroup", $$"""{"logGroupName":"{{LogsHost.Group("service")}}"}""");

        Names(await _host.Call("DescribeLogGroups", "{}")).ShouldBe([LogsHost.Group("application")]);
        await _host.Refused("DeleteLogGroup", $$"""{"logGroupName":"{{LogsHost.Group("service")}}"}""", NotFound);
        _host.Lab.Store.AppendEvent(Service, "back");
        Messages(await _host.Call("GetLogEvents", $$"""{"logGroupName":"{{LogsHost.Group("service")}}","logStreamName":"events"}""")).ShouldBe(["back"]);
    }

    [Fact]
    public async Task AwsCli_ReadsGroupsStreamsAndEvents()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/aws"), "the aws command line is not installed (apt-get install awscli)");

        (await Aws("describe-log-groups", "--query", "logGroups[].logGroupName")).ShouldBe($"{LogsHost.Group("application")}\t{LogsHost.Group("service")}\n");
        (await Aws("filter-log-events", "--log-group-name", LogsHost.Group("application"), "--filter-pattern", "?other ?ERROR", "--page-size", "2", "--query", "length(events)")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Sum(int.Parse).ShouldBe(6);
        (await Aws("tail", LogsHost.Group("application"), "--since", "2026-05-02T10:00:00Z", "--format", "short")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(11);
    }

    private static string[] Names(JsonObject output) => [.. output["logGroups"]!.AsArray().Select(group => group!["logGroupName"]!.GetValue<string>())];

    private static string[] Messages(JsonObject output) => [.. output["events"]!.AsArray().Select(e => e!["message"]!.GetValue<string>())];

    private static string EventsInput(string more) => $$"""{"logGroupName":"{{LogsHost.Group("application")}}","logStreamName":"instance/i1",{{more}}}""";

    private static string FilterInput(string more) => $$"""{"logGroupName":"{{LogsHost.Group("application")}}"{{(more.Length > 0 ? "," : "")}}{{more}}}""";

    private Task<JsonObject> Get(string more) => _host.Call("GetLogEvents", EventsInput(more));

    private Task<JsonObject> Filter(string more) => _host.Call("FilterLogEvents", FilterInput(more));

    private async Task<string> Aws(params string[] arguments)
    {
        var start = new ProcessStartInfo("/usr/bin/aws", ["--endpoint-url", _host.Endpoint.ToString(), "--region", "local-1", "--output", "text", "--no-cli-pager", "logs", .. arguments])
        {
            RedirectStandardOutput = true,
            Environment =
            {
                ["AWS_ACCESS_KEY_ID"] = ApiHost.Root.AccessKeyId,
                ["AWS_SECRET_ACCESS_KEY"] = ApiHost.Root.SecretAccessKey,
                ["AWS_EC2_METADATA_DISABLED"] = "true",
                ["TZ"] = "UTC",
            },
        };
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(LogLab.Deadline());
        await process.WaitForExitAsync(LogLab.Deadline());
        process.ExitCode.ShouldBe(0, output);
        return output;
    }
}
