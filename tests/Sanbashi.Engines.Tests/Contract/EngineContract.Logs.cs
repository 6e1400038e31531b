using Sanbashi.Engines.Tests.Hosts;

namespace Sanbashi.Engines.Tests.Contract;

public abstract partial class EngineContract
{
    [Fact]
    public async Task ReadLogs_BothStreams_AreToldApart()
    {
        await using var installation = Install();
        var instance = await installation.Start(installation.Spec("sh", "-c", "echo out; echo err >&2"));

        var lines = await installation.Logs(instance);

        lines.Where(line => !line.IsError).Select(line => line.Text).ShouldBe(["out"]);
        lines.Where(line => line.IsError).Select(line => line.Text).ShouldBe(["err"]);
        lines.ShouldAllBe(line => line.Timestamp > DateTimeOffset.UtcNow.AddHours(-1) && line.Timestamp < DateTimeOffset.UtcNow.AddHours(1));
    }

    [Fact]
    public async Task ReadLogs_LongLine_IsOneLine()
    {
        await using var installation = Install();
        var instance = await installation.Start(installation.Spec("sh", "-c", "echo before; head -c 40000 /dev/zero | tr '\\0' x; echo; echo after"));

        var lines = await installation.Logs(instance);

        lines.Select(line => line.Text).ShouldBe(["before", new string('x', 40_000), "after"]);
    }

    [Fact]
    public async Task ReadLogs_LineWithoutEnd_ComesWhenTheProgramEnds()
    {
        await using var installation = Install();
        var instance = await installation.Start(installation.Spec("sh", "-c", "echo whole; printf half"));

        (await installation.Logs(instance, follow: true)).Select(line => line.Text).ShouldBe(["whole", "half"]);
        await installation.WaitFor(instance, EngineInstanceState.Exited);
        (await installation.Logs(instance, follow: false)).Select(line => line.Text).ShouldBe(["whole", "half"]);
    }

    [Fact]
    public async Task ReadLogs_FromEveryCursor_GoesOnWithTheNextLine()
    {
        await using var installation = Install();

        // Both streams, many lines within one stamp of an engine that counts seconds, long and empty lines.
        var script = "for i in $(seq 20); do echo line $i; echo error $i >&2; done; head -c 20000 /dev/zero | tr '\\0' y; echo; echo; echo last";
        var instance = await installation.Start(installation.Spec("sh", "-c", script));
        var all = await installation.Logs(instance);
        all.Count.ShouldBe(43);

        for (var read = 0; read < all.Count; read++)
        {
            var rest = await installation.Logs(instance, all[read].Cursor, follow: false);

            rest.Select(line => line.Text).ShouldBe(all.Skip(read + 1).Select(line => line.Text), $"after line {read}");
        }
    }

    [Fact]
    public async Task ReadLogs_Following_SeesLinesAsTheyComeAndEndsWithTheProgram()
    {
        await using var installation = Install();
        var instance = await installation.Start(installation.Spec("sh", "-c", "echo first; while [ ! -e /tmp-go ]; do sleep 0.05; done; echo second"));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var lines = installation.Engine.ReadLogs(instance.Identity.InstanceId, "main", null, follow: true, deadline.Token).GetAsyncEnumerator(deadline.Token);

        (await lines.MoveNextAsync()).ShouldBeTrue();
        lines.Current.Text.ShouldBe("first");
        (await installation.Run(instance, "touch", "/tmp-go")).ExitCode.ShouldBe(0);
        (await lines.MoveNextAsync()).ShouldBeTrue();
        lines.Current.Text.ShouldBe("second");
        (await lines.MoveNextAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task ReadLogs_UnknownInstance_IsNotFound()
    {
        await using var installation = Install();
        var unknown = new EngineInstance { Identity = TestInstallation.NewIdentity(), State = EngineInstanceState.Running, Containers = [] };

        (await Should.ThrowAsync<EngineException>(() => installation.Logs(unknown))).Failure.ShouldBe(EngineFailure.NotFound);
    }
}
