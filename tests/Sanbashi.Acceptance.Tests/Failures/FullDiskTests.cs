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

    /// <summary>A file system in memory with a bound.</summary>
    private sealed class SmallDisk(string folder) : IAsyncDisposable
    {
        public string Folder => folder;

        private string Ballast => Path.Combine(folder, "ballast");

        public static async Task<SmallDisk> Mount(int megabytes)
        {
            Assert.SkipUnless(Environment.IsPrivilegedProcess, "Mounting a small file system needs root.");
            var folder = Directory.CreateTempSubdirectory("sanbashi-disk-").FullName;
            (await Command.Run("/bin/mount", ["-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", folder])).ShouldSucceed();
            return new SmallDisk(folder);
        }

        /// <summary>To the last byte.</summary>
        public async Task Fill()
        {
            var block = new byte[64 * 1024];
            await using var file = new FileStream(Ballast, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
            for (var size = block.Length; size > 0;)
            {
                try
                {
                    file.Write(block, 0, size);
                }
                catch (IOException)
                {
                    size /= 2;
                }
            }
        }

        public void MakeRoom() => File.Delete(Ballast);

        public async ValueTask DisposeAsync()
        {
            (await Command.Run("/bin/umount", ["-l", folder])).ShouldSucceed();
            Directory.Delete(folder);
        }
    }
}
