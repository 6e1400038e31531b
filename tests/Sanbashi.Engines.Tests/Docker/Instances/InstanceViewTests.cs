using Sanbashi.Engines.Docker.Api;
using Sanbashi.Engines.Docker.Instances;

namespace Sanbashi.Engines.Tests.Docker.Instances;

public sealed class InstanceViewTests
{
    [Theory]
    [InlineData("running", "running", "running", EngineInstanceState.Running)]
    [InlineData("running", "paused", "paused", EngineInstanceState.Frozen)]
    [InlineData("running", "paused", "running", EngineInstanceState.Incomplete)]
    [InlineData("running", "created", "running", EngineInstanceState.Incomplete)]
    [InlineData("running", "running", null, EngineInstanceState.Incomplete)]
    [InlineData("created", "created", "created", EngineInstanceState.Incomplete)]
    [InlineData("running", "created", "created", EngineInstanceState.Standby)]
    [InlineData("running", "created", null, EngineInstanceState.Incomplete)]
    [InlineData("exited", "created", "created", EngineInstanceState.Incomplete)]
    [InlineData(null, "running", "running", EngineInstanceState.Incomplete)]
    [InlineData("running", "running", "exited", EngineInstanceState.Exited)]
    [InlineData("exited", "running", "running", EngineInstanceState.Exited)]
    [InlineData("exited", null, null, EngineInstanceState.Exited)]
    [InlineData("running", "dead", "running", EngineInstanceState.Exited)]
    public void State_Parts_IsOfTheWhole(string? holder, string? main, string? side, EngineInstanceState expected)
    {
        var parts = new List<InstancePart>();
        if (holder is not null)
        {
            parts.Add(Part("holder", holder));
        }

        // The order of a list tells nothing.
        foreach (var (name, status) in new[] { ("side", side), ("main", main) })
        {
            if (status is not null)
            {
                parts.Add(Part(name, status));
            }
        }

        var instance = InstanceView.Of(parts).ShouldNotBeNull();

        instance.State.ShouldBe(expected);
        instance.Containers.Select(container => container.Name).ShouldBe(new[] { "main", "side" }.Where(name => parts.Exists(part => part.Name == name)), ignoreOrder: holder is null);
    }

    [Fact]
    public void Containers_Details_BecomeExitCodeAndReason()
    {
        var failed = Part("main", "created", new ContainerState
        {
            Status = "created",
            ExitCode = 127,
            Error = "OCI runtime create failed: runc create failed: unable to start container process: exec: \"/nope\": stat /nope: no such file or directory: unknown",
        });
        var killed = Part("side", "exited", new ContainerState { Status = "exited", ExitCode = 137, OutOfMemory = true, FinishedAt = DateTimeOffset.UnixEpoch });

        var instance = InstanceView.Of([Part("holder", "running"), failed, killed]).ShouldNotBeNull();

        instance.State.ShouldBe(EngineInstanceState.Exited);
        instance.Containers[0].ShouldSatisfyAllConditions(
            main => main.State.ShouldBe(EngineContainerState.Exited),
            main => main.ExitCode.ShouldBe(127),
            main => main.Error.ShouldNotBeNull().ShouldContain("'/nope' does not exist"),
            main => main.StartedAt.ShouldBeNull());
        instance.Containers[1].ShouldSatisfyAllConditions(
            side => side.ExitCode.ShouldBe(137),
            side => side.OutOfMemory.ShouldBeTrue(),
            side => side.FinishedAt.ShouldBe(DateTimeOffset.UnixEpoch));
    }

    [Fact]
    public void Endpoint_PublishedPort_GoesBeforeTheAddress()
    {
        var holder = Part("holder", "running");
        var published = holder with { Summary = holder.Summary with { Ports = [new PublishedPort { PrivatePort = 8080, PublicPort = 40_000 }] } };

        InstanceView.Of([holder]).ShouldNotBeNull().Endpoint.ShouldBe("10.213.4.2:8080");
        InstanceView.Of([published]).ShouldNotBeNull().Endpoint.ShouldBe("127.0.0.1:40000");
    }

    [Fact]
    public void Of_LabelsOfNobody_IsNull()
    {
        InstanceView.Of([new InstancePart(new ContainerSummary { Id = "x", State = "running" }, null)]).ShouldBeNull();
    }

    private static InstancePart Part(string name, string status, ContainerState? state = null)
    {
        var labels = new Dictionary<string, string>
        {
            ["sanbashi.installation"] = "i",
            ["sanbashi.instance"] = "a",
            ["sanbashi.service"] = "s",
            ["sanbashi.service-name"] = "web",
            ["sanbashi.revision"] = "1",
            ["sanbashi.role"] = name == "holder" ? "holder" : "container",
        };
        if (name == "holder")
        {
            labels["sanbashi.containers"] = "main,side";
            labels["sanbashi.port"] = "8080";
        }
        else
        {
            labels["sanbashi.container"] = name;
        }

        var summary = new ContainerSummary
        {
            Id = name,
            State = status,
            Labels = labels,
            NetworkSettings = new NetworkSettings { Networks = new Dictionary<string, EndpointSettings?> { ["n"] = new EndpointSettings { IpAddress = "10.213.4.2" } } },
        };
        return new InstancePart(summary, name == "holder" ? null : new ContainerDetails { Id = name, State = state ?? new ContainerState { Status = status } });
    }
}
