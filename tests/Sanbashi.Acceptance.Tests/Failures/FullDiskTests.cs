using System.Net;
using Sanbashi.Acceptance.Tests.Images;
using Sanbashi.Acceptance.Tests.Load;
using Sanbashi.Acceptance.Tests.Platforms;
using Sanbashi.Wire;

namespace Sanbashi.Acceptance.Tests.Failures;

/// <summary>The file system of the state folder has no room left.</summary>
public sealed class FullDiskTests(SharedPlatform shared)
{
    [Fact]
    public async Task State_OnAFullDisk_SaysSo_LosesNothing_AndGoesOnWhenThereIsRoom()
    {
        await shared.RequireEngine();
        await using var disk = await SmallDisk.Mount(megabytes: 48);
        var state = Directory.CreateDirectory(Path.Combine(disk.Folder, "state")).FullName;
        await using var platform = await Platform.Start(new PlatformOptions { StateDirectory = state });
        try
        {
            var image = await shared.Images.TestApp();
            var service = await platform.Api.RunService("full-disk", image, Version("before"));
            await using var load = await LoadGenerator.Start(platform.Gateway.Address, service.Host, new LoadOptions { UploadClients = 0, EventStreamClients = 0, WebSocketClients = 0 });

            await disk.Fill();

            // Room that the store had reserved is used up first.
            var refusal = await Eventually.Get(() => Refusal(platform, service), message => message is not null);
            refusal!.ShouldContain("the disk is full. Make room there; nothing is lost");
            await load.GoOn(100);
            (await platform.Gateway.Version(service.Host)).ShouldBe("before");

            disk.MakeRoom();

            (await service.Describe()).ShouldNotBeNull();
            await Eventually.Get(service.Status, status => status == "RUNNING");
            await service.WaitForOperation(await service.Update(image, Version("after")), "SUCCEEDED");
            (await platform.Gateway.Version(service.Host)).ShouldBe("after");
            (await load.Stop()).ShouldHaveNoFailures();
            (await service.Operations()).Select(operation => (string)operation!["Status"]!).ShouldAllBe(status => status == "SUCCEEDED");
            (await platform.Gateway.Get(service.Host, "/")).Status.ShouldBe(HttpStatusCode.OK);
        }
        finally
        {
            await platform.Stop();
            await EngineLeftovers.Remove(platform.EngineApi, platform.Store);
        }
    }

    /// <summary>Null while writing still works.</summary>
    private static async Task<string?> Refusal(Platform platform, ServiceHandle service)
    {
        try
        {
            await platform.Api.AppRunner("TagResource", new()
            {
                ["ResourceArn"] = service.Arn,
                ["Tags"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["Key"] = "note", ["Value"] = Guid.NewGuid().ToString("N") + new string('x', 200) }),
            });
            return null;
        }
        catch (ApiException refused)
        {
            refused.Code.ShouldBe("InternalServiceErrorException");
            return refused.Message;
        }
    }

    private static ServiceRequest Version(string version) =>
        new() { Variables = new Dictionary<string, string> { ["APP_VERSION"] = version, ["QUIET"] = "1" } };
}
