using Sanbashi.Acceptance.Tests.Engine;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Failures;

/// <summary>Each way in which a first deployment can fail: CREATE_FAILED, and an event that tells a person what happened and what to do.</summary>
public sealed class FirstDeploymentTests(SharedPlatform shared)
{
    [Fact]
    public async Task Create_OfAContainerThatExitsAtOnce_TellsExitCodeAndLastLines()
    {
        var service = await Fails("exits", new ServiceRequest { Variables = Of(("EXIT_AT_START", "3")) });

        await service.WaitForEvent("Container exit code: 3");
        await service.WaitForEvent("| cannot connect to the database at db.example:5432");
        await service.WaitForEvent("| giving up with exit code 3");
        await service.WaitForEvent("Failure reason :");
    }

    [Fact]
    public async Task Create_OfAContainerThatNeverListens_TellsThePortThatWasProbed()
    {
        var service = await Fails("silent", new ServiceRequest { Variables = Of(("NEVER_LISTEN", "1")), Settings = Of(("start-timeout", "2s")) });

        (await service.WaitForEvent("Failure reason :")).ShouldContain("[Port: '8080']");
    }

    [Fact]
    public async Task Create_OfAContainerOnAnotherPort_TellsWhichPortItListensOn()
    {
        var service = await Fails("elsewhere", new ServiceRequest { Variables = Of(("LISTEN_PORT", "9090")), Settings = Of(("start-timeout", "4s")) });

        (await service.WaitForEvent("Failure reason :")).ShouldContain("does not listen on port 8080, but on 9090");
    }

    [Fact]
    public async Task Create_WithAHealthPathThatAnswers500_TellsPathAndStatus()
    {
        var service = await Fails("unwell", new ServiceRequest { Variables = Of(("HEALTH_STATUS", "500")), HealthPath = "/healthz", HealthInterval = 1, UnhealthyThreshold = 2 });

        var reason = await service.WaitForEvent("Failure reason :");
        reason.ShouldContain("/healthz");
        reason.ShouldContain("500");
    }

    [Fact]
    public async Task Create_OfAContainerThatNeedsMoreMemoryThanItsSize_TellsSo()
    {
        var service = await Fails("hungry", new ServiceRequest { Memory = 512, Variables = Of(("ALLOCATE_AT_START", "700")) });

        var story = await service.WaitForEvent("Container exit code: 137");
        story.ShouldContain("memory");
    }

    [Fact]
    public async Task Create_WithAStartCommandThatIsNotThere_TellsTheCommand()
    {
        var service = await Fails("no-command", new ServiceRequest { StartCommand = "/no/such/command --now" }, image: await shared.Images.BusyBox());

        (await service.WaitForEvent("Failure reason :")).ShouldContain("/no/such/command");
    }

    [Fact]
    public async Task Create_OfAnImageForAnotherProcessor_TellsBothArchitectures()
    {
        await shared.RequireEngine();
        var service = await Fails("foreign", new ServiceRequest(), await shared.Images.ForeignArchitecture());

        (await service.WaitForEvent("Failure reason :")).ShouldContain("s390x");
    }

    [Fact]
    public async Task Create_OfAnImageThatTheRegistryDoesNotHave_TellsTheImage()
    {
        await using var registry = await RefusingRegistry.Start();
        var service = await Fails("unknown-image", new ServiceRequest(), $"{registry.Address}/missing/app:1");

        var reason = await service.WaitForEvent("Failure reason :");
        reason.ShouldContain($"{registry.Address}/missing/app:1");
        reason.ShouldContain("There is no image");
    }

    [Fact]
    public async Task Create_OfAnImageThatTheRegistryDenies_TellsAboutCredentials()
    {
        await using var registry = await RefusingRegistry.Start();
        var service = await Fails("denied-image", new ServiceRequest(), $"{registry.Address}/denied/app:1");

        (await service.WaitForEvent("Failure reason :")).ShouldContain("denied", Case.Insensitive);
    }

    [Fact]
    public async Task Update_OfAFailedService_RebuildsIt()
    {
        var platform = await shared.Get();
        var service = await Fails("rebuilt", new ServiceRequest { Variables = Of(("EXIT_AT_START", "1")) });

        await service.WaitForOperation(
            await service.Update(await shared.Images.TestApp(), new ServiceRequest { Variables = Of(("APP_VERSION", "healed")) }), "SUCCEEDED");

        (await service.Status()).ShouldBe("RUNNING");
        (await platform.Gateway.Version(service.Host)).ShouldBe("healed");
    }

    private async Task<ServiceHandle> Fails(string name, ServiceRequest request, string? image = null)
    {
        var platform = await shared.Get();
        var service = await platform.Api.CreateService($"fails-{name}", image ?? await shared.Images.TestApp(), request);
        await service.WaitForOperation(service.CreateOperation, "FAILED");
        (await service.Status()).ShouldBe("CREATE_FAILED");
        return service;
    }

    private static Dictionary<string, string> Of(params (string Name, string Value)[] pairs) => pairs.ToDictionary(pair => pair.Name, pair => pair.Value);
}
