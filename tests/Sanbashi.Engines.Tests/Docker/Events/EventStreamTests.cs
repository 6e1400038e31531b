using Sanbashi.Engines.Docker.Api;
using Sanbashi.Engines.Docker.Events;

namespace Sanbashi.Engines.Tests.Docker.Events;

public sealed class EventStreamTests
{
    [Theory]
    [InlineData("start", EngineEventKind.Started)]
    [InlineData("die", EngineEventKind.Exited)]
    [InlineData("died", EngineEventKind.Exited)]
    [InlineData("oom", EngineEventKind.OutOfMemory)]
    [InlineData("pause", EngineEventKind.Frozen)]
    [InlineData("unpause", EngineEventKind.Thawed)]
    [InlineData("destroy", EngineEventKind.Removed)]
    [InlineData("remove", EngineEventKind.Removed)]
    public void Translate_ContainersActions_AreOurs(string action, EngineEventKind expected)
    {
        var change = EventStream.Translate(Message(action, ("sanbashi.instance", "i"), ("sanbashi.service", "s"), ("sanbashi.role", "container"), ("sanbashi.container", "main"), ("exitCode", "137")));

        change.ShouldBe(new EngineEvent(expected, "i", "s", "main", expected == EngineEventKind.Exited ? 137 : null));
    }

    [Fact]
    public void Translate_Holder_HasNoContainerName()
    {
        EventStream.Translate(Message("die", ("sanbashi.instance", "i"), ("sanbashi.service", "s"), ("sanbashi.role", "holder"), ("exitCode", "137")))
            .ShouldBe(new EngineEvent(EngineEventKind.Exited, "i", "s", null, 137, "holder"));
        EventStream.Translate(Message("start", ("sanbashi.instance", "i"), ("sanbashi.role", "holder"))).ShouldBeNull();
    }

    [Theory]
    [InlineData("exec_create: sh")]
    [InlineData("attach")]
    [InlineData(null)]
    public void Translate_OtherActions_AreNobodys(string? action)
    {
        EventStream.Translate(Message(action, ("sanbashi.instance", "i"))).ShouldBeNull();
    }

    [Fact]
    public void Translate_OtherContainers_AreNobodys()
    {
        EventStream.Translate(Message("die")).ShouldBeNull();
        EventStream.Translate(new EventMessage { Action = "die" }).ShouldBeNull();
    }

    private static EventMessage Message(string? action, params (string Name, string Value)[] attributes) =>
        new() { Action = action, Actor = new EventActor { Attributes = attributes.ToDictionary(attribute => attribute.Name, attribute => attribute.Value) } };
}
