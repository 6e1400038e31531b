using Sanbashi.Engines.Tests.Hosts;

namespace Sanbashi.Engines.Tests.Contract;

public abstract partial class EngineContract
{
    [Fact]
    public async Task SecretFiles_OfAnInstance_AreInMemoryAndShownNowhere()
    {
        const string Value = "planted-51c7e0-in-a-file";
        await using var installation = Install();
        await using var raw = RawEngine.Connect(host.RequireSocket());
        var spec = installation.Web() with { SecretFiles = new Dictionary<string, string> { ["TOKEN"] = Value, ["OTHER"] = "second" } };
        var identity = TestInstallation.NewIdentity();

        // Written before the application starts, also when it was made long before.
        await installation.Engine.PrepareInstance(identity, spec, None);
        var instance = await installation.Engine.StartInstance(identity, spec, None);

        (await installation.Run(instance, "cat", "/run/secrets/TOKEN", "/run/secrets/OTHER")).Output.ShouldBe($"{Value}second");
        (await installation.Run(instance, "ls", "-ln", "/run/secrets/TOKEN")).Output.ShouldMatch("^-r-------- +1 0 +0 ");
        (await installation.Run(instance, "cat", "/proc/mounts")).Output.Split('\n').Single(line => line.Contains(" /run/secrets ")).ShouldMatch("^tmpfs /run/secrets tmpfs ro,");
        (await installation.Run(instance, "sh", "-c", "echo x > /run/secrets/TOKEN")).ExitCode.ShouldNotBe(0);
        foreach (var container in System.Text.Json.Nodes.JsonNode.Parse(await raw.Get("/containers/json?all=1"))!.AsArray())
        {
            (await raw.Get($"/containers/{container!["Id"]}/json")).ShouldNotContain(Value);
        }

        await installation.Engine.FreezeInstance(identity.InstanceId, None);
        await installation.Engine.ThawInstance(identity.InstanceId, None);
        (await installation.Run(instance, "cat", "/run/secrets/OTHER")).Output.ShouldBe("second");
        (await raw.Get("/volumes")).ShouldContain(identity.InstanceId);
        await installation.Engine.StopInstance(identity.InstanceId, TimeSpan.Zero, None);
        (await raw.Get("/volumes")).ShouldNotContain(identity.InstanceId);
    }
}
