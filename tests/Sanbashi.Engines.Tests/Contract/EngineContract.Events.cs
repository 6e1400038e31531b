using Sanbashi.Engines.Tests.Hosts;

namespace Sanbashi.Engines.Tests.Contract;

public abstract partial class EngineContract
{
    [Fact]
    public async Task Watch_LifeOfAnInstance_IsToldInOrder()
    {
        await using var installation = Install();
        await using var log = new EventLog(installation.Engine);
        await log.WaitFor(change => change.Kind == EngineEventKind.Connected, "connected");
        var instance = await installation.Start(installation.Web());
        var id = instance.Identity.InstanceId;
        await installation.Engine.FreezeInstance(id, None);
        await installation.Engine.ThawInstance(id, None);
        await installation.Engine.StopInstance(id, TimeSpan.FromSeconds(5), None);

        await log.WaitFor(change => change is { Kind: EngineEventKind.Removed, ContainerName: null }, "the holder's removal");

        log.Events[0].Kind.ShouldBe(EngineEventKind.Connected);
        log.Events.Skip(1).ShouldAllBe(change => change.InstanceId == id && change.ServiceId == instance.Identity.ServiceId);
        log.Events.Where(change => change.ContainerName == "main").Select(change => change.Kind)
            .ShouldBe([EngineEventKind.Started, EngineEventKind.Frozen, EngineEventKind.Thawed, EngineEventKind.Exited, EngineEventKind.Removed]);
    }

    [Fact]
    public async Task Watch_ProgramEnds_TellsItsExitCode()
    {
        await using var installation = Install();
        await using var log = new EventLog(installation.Engine);
        await log.WaitFor(change => change.Kind == EngineEventKind.Connected, "connected");

        var instance = await installation.Start(installation.Spec("sh", "-c", "exit 42"));

        var exited = await log.WaitFor(change => change.Kind == EngineEventKind.Exited, "exited");
        (exited.InstanceId, exited.ContainerName, exited.ExitCode).ShouldBe((instance.Identity.InstanceId, "main", 42));
    }

    [Fact]
    public async Task Watch_EngineGoesAwayAndComesBack_SaysBoth()
    {
        await using var installation = Install();
        await using var socket = await FaultySocket.Start(host.RequireSocket(), int.MaxValue);
        using var folder = new TestFolder();
        var link = Path.Combine(folder.Path, "engine.sock");
        File.CreateSymbolicLink(link, socket.Address["unix://".Length..]);
        await using var engine = Hosts.Engines.Connect("unix://" + link, installation.Id);
        await using var log = new EventLog(engine);
        await log.WaitFor(change => change.Kind == EngineEventKind.Connected, "connected");

        await socket.Break();
        var away = await log.WaitFor(change => change.Kind == EngineEventKind.Disconnected, "disconnected");
        File.Delete(link);
        File.CreateSymbolicLink(link, host.RequireSocket()["unix://".Length..]);
        await Eventually.Is(() => Task.FromResult(log.Events.Count(change => change.Kind == EngineEventKind.Connected) == 2), "connected again");

        away.Detail.ShouldNotBeNullOrEmpty();
        log.Events.Select(change => change.Kind).ShouldBe([EngineEventKind.Connected, EngineEventKind.Disconnected, EngineEventKind.Connected]);
    }
}
