using System.Text.Json;
using Sanbashi.Gateway.AccessLogs;
using Sanbashi.Gateway.Tests.Support;

namespace Sanbashi.Gateway.Tests.AccessLogs;

public sealed class AccessLogTests
{
    [Fact]
    public async Task Request_WritesOneLineWithWhatHappened()
    {
        await using var backend = await Backend.Start("hello");
        await using var gateway = await TestGateway.Serving(Routes.To(backend));

        using var request = new HttpRequestMessage(HttpMethod.Get, "/a/b?token=secret") { Headers = { { "X-Request-Id", "r-1" } } };
        request.Headers.TryAddWithoutValidation("User-Agent", "test \"1\"");
        await gateway.Client.SendAsync(request);

        var line = (await Lines(gateway, 1)).Single();
        line.GetProperty("requestId").GetString().ShouldBe("r-1");
        line.GetProperty("method").GetString().ShouldBe("GET");
        line.GetProperty("host").GetString().ShouldBe(Routes.Host);
        line.GetProperty("path").GetString().ShouldBe("/a/b");
        line.GetProperty("status").GetInt32().ShouldBe(200);
        line.GetProperty("bytes").GetInt64().ShouldBe(5);
        line.GetProperty("durationMs").GetDouble().ShouldBeGreaterThan(0);
        line.GetProperty("instance").GetString().ShouldBe(backend.Id);
        line.GetProperty("client").GetString().ShouldBe("127.0.0.1");
        line.GetProperty("userAgent").GetString().ShouldBe("test \"1\"");
        line.GetProperty("protocol").GetString().ShouldBe("HTTP/1.1");
        line.GetProperty("time").GetDateTimeOffset().ShouldBeInRange(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
        line.TryGetProperty("failure", out _).ShouldBeFalse();
        line.GetRawText().ShouldNotContain("secret");
    }

    [Fact]
    public async Task Client_ThatGoesAway_IsLoggedAs499()
    {
        await using var backend = await Backend.Start(context => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted));
        await using var gateway = await TestGateway.Serving(Routes.To(backend));
        await using var connection = await RawConnection.To(gateway);
        await connection.Send($"GET / HTTP/1.1\r\nHost: {Routes.Host}\r\n\r\n");
        await Eventually.Holds(() => backend.Seen.Count == 1, "the request is at the instance");

        connection.Reset();

        var line = (await Lines(gateway, 1)).Single();
        line.GetProperty("status").GetInt32().ShouldBe(499);
        line.GetProperty("failure").GetString().ShouldBe("client-gone");
        line.GetProperty("bytes").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task OwnAnswer_SaysWhy()
    {
        await using var gateway = await TestGateway.Serving(Routes.To());

        await gateway.Client.GetAsync("/");

        var line = (await Lines(gateway, 1)).Single();
        line.GetProperty("status").GetInt32().ShouldBe(503);
        line.GetProperty("failure").GetString().ShouldBe("no-healthy-instance");
        line.GetProperty("instance").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task File_ThatIsFull_IsRotatedAndOldOnesGo()
    {
        await using var backend = await Backend.Start("hello");
        var (platform, _) = await Platform.Serving(Routes.To(backend));
        await using var owned = platform;
        var gateway = await platform.AddGateway(change: options => options with { AccessLogFileBytes = 500 });
        var folder = Path.Combine(gateway.LogFolder, Routes.IdOf(Routes.Host), "access");

        for (var i = 0; i < 30; i++)
        {
            var requestId = $"r-{i}";
            using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "X-Request-Id", requestId } } };
            await gateway.Client.SendAsync(request);
            await Eventually.Holds(() => File.Exists(Path.Combine(folder, "access.jsonl")) && File.ReadAllText(Path.Combine(folder, "access.jsonl")).Contains($"\"{requestId}\"", StringComparison.Ordinal), "the line is written");
        }

        Directory.GetFiles(folder, "*.jsonl").Select(Path.GetFileName).Order().ShouldBe(["access.1.jsonl", "access.2.jsonl", "access.jsonl"]);
        Directory.GetFiles(folder, "*.jsonl").ShouldAllBe(path => new FileInfo(path).Length < 1500);
    }

    [Fact]
    public async Task Request_ThatBelongsToNoService_IsInTheGatewaysLog()
    {
        await using var gateway = await TestGateway.Serving(Routes.To());
        using var unknown = new HttpRequestMessage(HttpMethod.Get, "/x?secret=1") { Headers = { Host = "nobody" } };
        await gateway.Client.SendAsync(unknown);
        await using var connection = await RawConnection.To(gateway);
        await connection.Send($"GET http://user@{Routes.Host}/ HTTP/1.1\r\nHost: {Routes.Host}\r\n\r\n");
        await connection.ReadToEnd();

        var path = Path.Combine(gateway.LogFolder, GatewayDefaults.UnroutedLog, "access", "access.jsonl");
        await Eventually.Holds(() => File.Exists(path) && File.ReadAllLines(path).Length == 2, "both are written");
        var lines = File.ReadAllLines(path).Select(static line => JsonDocument.Parse(line).RootElement).OrderByDescending(static line => line.GetProperty("status").GetInt32()).ToList();
        lines[0].GetProperty("status").GetInt32().ShouldBe(404);
        lines[0].GetProperty("host").GetString().ShouldBe("nobody");
        lines[0].GetProperty("path").GetString().ShouldBe("/x");
        lines[0].GetProperty("failure").GetString().ShouldBe("unknown-host");
        lines[1].GetProperty("status").GetInt32().ShouldBe(400);
        lines[1].GetProperty("failure").GetString().ShouldBe("bad-target");
    }

    [Fact]
    public void TwoWriters_OfOneFile_LoseNoLine()
    {
        var folder = Directory.CreateTempSubdirectory("access-").FullName;
        using (var first = new AccessLogFile(folder, 4000))
        using (var second = new AccessLogFile(folder, 4000))
        {
            for (var i = 0; i < 25; i++)
            {
                first.Append(System.Text.Encoding.ASCII.GetBytes($"first {i} {new string('x', 80)}\n"));
                second.Append(System.Text.Encoding.ASCII.GetBytes($"second {i} {new string('x', 80)}\n"));
            }
        }

        var lines = Directory.GetFiles(folder, "*.jsonl").SelectMany(File.ReadAllLines).ToList();
        lines.Count.ShouldBe(50);
        lines.ShouldAllBe(line => line.StartsWith("first ", StringComparison.Ordinal) || line.StartsWith("second ", StringComparison.Ordinal));
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<List<JsonElement>> Lines(TestGateway gateway, int count)
    {
        var path = Path.Combine(gateway.LogFolder, Routes.IdOf(Routes.Host), "access", "access.jsonl");
        await Eventually.Holds(() => File.Exists(path) && File.ReadAllLines(path).Length >= count, $"{count} lines are written");
        return [.. File.ReadAllLines(path).Select(line => JsonDocument.Parse(line).RootElement)];
    }
}
