using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sanbashi.Engines.Docker.Api;

namespace Sanbashi.Engines.Tests.Docker.Api;

public sealed class EngineClientTests
{
    [Theory]
    [InlineData("1.41", "1.41")]
    [InlineData("1.44", "1.44")]
    [InlineData("1.52", "1.52")]
    [InlineData("1.60", "1.52")]
    [InlineData("2.0", "1.52")]
    public async Task Version_EnginesNewest_IsSpokenUpToOurs(string offered, string spoken)
    {
        await using var engine = await StubEngine.Start(offered, context => context.Response.WriteAsync("{}"));
        using var client = new EngineClient(engine.Address, TimeProvider.System);

        await client.Do(EngineCall.Get("info", "/info"), default);

        engine.Paths.ShouldContain($"/v{spoken}/info");
    }

    [Theory]
    [InlineData("1.40")]
    [InlineData("nonsense")]
    [InlineData(null)]
    public async Task Version_EngineTooOld_IsRefusedWithAdvice(string? offered)
    {
        await using var engine = await StubEngine.Start(offered, _ => Task.CompletedTask);
        using var client = new EngineClient(engine.Address, TimeProvider.System);

        var failure = await Should.ThrowAsync<EngineException>(() => client.Do(EngineCall.Get("info", "/info"), default));

        failure.Failure.ShouldBe(EngineFailure.Refused);
        failure.Message.ShouldContain("1.41");
    }

    [Fact]
    public async Task Do_NoSocket_IsUnreachableAndSaysSo()
    {
        using var client = new EngineClient(EngineAddress.Parse("unix:///nonexistent/engine.sock"), TimeProvider.System);

        var failure = await Should.ThrowAsync<EngineException>(() => client.Do(EngineCall.Get("info", "/info"), default));

        failure.Failure.ShouldBe(EngineFailure.Unreachable);
        failure.Message.ShouldContain("unix:///nonexistent/engine.sock");
        failure.Message.ShouldContain("there is no such socket");
    }

    [Fact]
    public async Task Do_EngineComesBack_WorksAgain()
    {
        var file = Path.Combine(Path.GetTempPath(), $"sanbashi-{Guid.NewGuid():n}.sock");
        using var client = new EngineClient(EngineAddress.Parse(file), TimeProvider.System);
        await Should.ThrowAsync<EngineException>(() => client.Do(EngineCall.Get("info", "/info"), default));

        await using var engine = await StubEngine.Start("1.41", context => context.Response.WriteAsync("{}"), file);

        await client.Do(EngineCall.Get("info", "/info"), default);
    }

    [Fact]
    public async Task Do_NoAnswerInTime_IsUnreachable()
    {
        await using var engine = await StubEngine.Start("1.41", context => Task.Delay(Timeout.Infinite, context.RequestAborted));
        using var client = new EngineClient(engine.Address, TimeProvider.System);

        var failure = await Should.ThrowAsync<EngineException>(() => client.Do(EngineCall.Get("info", "/info") with { Timeout = TimeSpan.FromMilliseconds(50) }, default));

        failure.Failure.ShouldBe(EngineFailure.Unreachable);
        failure.Message.ShouldContain("info");
    }

    [Fact]
    public async Task Do_ManyCalls_StayWithinTheBound()
    {
        var (now, most) = (0, 0);
        var gate = new TaskCompletionSource();
        await using var engine = await StubEngine.Start("1.41", async context =>
        {
            var current = Interlocked.Increment(ref now);
            InterlockedMax(ref most, current);
            await gate.Task;
            Interlocked.Decrement(ref now);
        });
        using var client = new EngineClient(engine.Address, TimeProvider.System);
        var calls = Enumerable.Range(0, 100).Select(_ => client.Do(EngineCall.Get("info", "/info"), default)).ToList();
        await Hosts.Eventually.Is(() => Task.FromResult(Volatile.Read(ref now) == 32), "32 calls are under way");

        // A long call does not have to wait for them.
        var wake = client.Do(EngineCall.Post("container.stop", "/stop") with { IsLong = true }, default);
        await Hosts.Eventually.Is(() => Task.FromResult(Volatile.Read(ref now) == 33), "the long call is under way");
        gate.SetResult();
        await Task.WhenAll([wake, .. calls]);

        most.ShouldBe(33);
    }

    [Fact]
    public async Task Do_Calls_AreMeasuredByOperationAndOutcome()
    {
        var seen = new System.Collections.Concurrent.ConcurrentBag<(string?, string?)>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "sanbashi.engine.call")
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<double>((_, _, tags, _) => seen.Add((Tag(tags, "operation"), Tag(tags, "outcome"))));
        listener.Start();
        await using var engine = await StubEngine.Start("1.41", context =>
        {
            context.Response.StatusCode = context.Request.Path.Value!.EndsWith("no", StringComparison.Ordinal) ? 409 : 200;
            return Task.CompletedTask;
        });
        using var client = new EngineClient(engine.Address, TimeProvider.System);

        await client.Do(EngineCall.Get("test.yes", "/yes"), default);
        await Should.ThrowAsync<EngineApiException>(() => client.Do(EngineCall.Get("test.no", "/no"), default));

        seen.ShouldContain(("test.yes", "ok"));
        seen.ShouldContain(("test.no", "refused"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("unix://")]
    [InlineData("npipe:////./pipe/docker")]
    [InlineData("tcp://")]
    public void Address_NotUnderstood_IsRefused(string text)
    {
        Should.Throw<ArgumentException>(() => EngineAddress.Parse(text)).Message.ShouldContain("unix:///");
    }

    [Theory]
    [InlineData("unix:///run/docker.sock", true)]
    [InlineData("/run/docker.sock", true)]
    [InlineData("tcp://127.0.0.1:2375", false)]
    public void Address_Understood_KnowsWhetherItIsLocal(string text, bool isLocal)
    {
        EngineAddress.Parse(text).IsLocal.ShouldBe(isLocal);
    }

    private static string? Tag(ReadOnlySpan<KeyValuePair<string, object?>> tags, string name)
    {
        foreach (var tag in tags)
        {
            if (tag.Key == name)
            {
                return tag.Value as string;
            }
        }

        return null;
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value; seen = Volatile.Read(ref target))
        {
            Interlocked.CompareExchange(ref target, value, seen);
        }
    }

    /// <summary>Something on a unix socket that answers as told.</summary>
    private sealed class StubEngine : IAsyncDisposable
    {
        private readonly WebApplication _server;
        private readonly string _file;

        private StubEngine(string file, string? version, RequestDelegate answer)
        {
            _file = file;
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(file));
            _server = builder.Build();
            _server.Run(context =>
            {
                Paths.Enqueue(context.Request.Path.Value!);
                if (context.Request.Path != "/_ping")
                {
                    return answer(context);
                }

                context.Response.Headers["Api-Version"] = version;
                return Task.CompletedTask;
            });
        }

        public System.Collections.Concurrent.ConcurrentQueue<string> Paths { get; } = new();

        public EngineAddress Address => EngineAddress.Parse(_file);

        public static async Task<StubEngine> Start(string? version, RequestDelegate answer, string? file = null)
        {
            var engine = new StubEngine(file ?? Path.Combine(Path.GetTempPath(), $"sanbashi-{Guid.NewGuid():n}.sock"), version, answer);
            await engine._server.StartAsync();
            return engine;
        }

        public async ValueTask DisposeAsync()
        {
            await _server.DisposeAsync();
            File.Delete(_file);
        }
    }
}
