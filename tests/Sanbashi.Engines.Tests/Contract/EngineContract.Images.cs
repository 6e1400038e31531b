using System.Collections.Concurrent;
using Sanbashi.Domain.Workloads;
using Sanbashi.Engines.Tests.Hosts;

namespace Sanbashi.Engines.Tests.Contract;

public abstract partial class EngineContract
{
    [Fact]
    public async Task ResolveImage_BareName_IsLocal()
    {
        await using var installation = Install();

        var image = await installation.Engine.ResolveImage(TestImage.Tag, null, None);

        image.ImageId.ShouldBe(host.Image);
        image.Pinned.ShouldBe(host.Image);
        image.Digest.ShouldBeNull();
        image.ExposedPorts.ShouldBe([8080]);
        image.SizeBytes.ShouldBeGreaterThan(1_000_000);
        (image.Pulled, image.Warning).ShouldBe((false, null));
        (await installation.Engine.ResolveImage(image.Pinned, null, None)).ImageId.ShouldBe(image.ImageId);
    }

    [Fact]
    public async Task ResolveImage_AtRegistry_IsPulledOnceAndPinned()
    {
        await using var installation = Install();
        await using var registry = await TestRegistry.Start();
        var digest = registry.Push("team/app", "1", Unique());
        var progress = new Reports<ImageProgress>();
        var reference = $"{registry.Name}/team/app:1";

        var first = await installation.Engine.ResolveImage(reference, progress, None);
        var second = await installation.Engine.ResolveImage(reference, null, None);

        first.Pinned.ShouldBe($"{registry.Name}/team/app@{digest}");
        first.Digest.ShouldBe(digest);
        first.ExposedPorts.ShouldBe([80, 7000]);
        first.Command.ShouldBe(["/bin/busybox", "cat", "/text"]);
        first.Architecture.ShouldBe(TestRegistry.Machine);
        first.Pulled.ShouldBeTrue();
        second.ShouldBeEquivalentTo(first with { Pulled = false });
        await Remove(first.ImageId);
    }

    [Fact]
    public async Task ResolveImage_TagMovedAtRegistry_IsTheNewImageAndThePinnedOneStays()
    {
        await using var installation = Install();
        await using var registry = await TestRegistry.Start();
        var old = Unique();
        registry.Push("app", "1", old);
        var first = await installation.Engine.ResolveImage($"{registry.Name}/app:1", null, None);
        var moved = registry.Push("app", "1", Unique());

        var second = await installation.Engine.ResolveImage($"{registry.Name}/app:1", null, None);

        second.Digest.ShouldBe(moved);
        var spec = installation.Web() with { Containers = [new ContainerSpec { Name = "main", Image = first.Pinned }] };
        (await installation.Logs(await installation.Start(spec))).Select(line => line.Text).ShouldBe([old]);
        await installation.Engine.RemoveEverything(None);
        await Remove(first.ImageId);
        await Remove(second.ImageId);
    }

    [Fact]
    public async Task ResolveImage_Index_IsThisMachinesImage()
    {
        await using var installation = Install();
        await using var registry = await TestRegistry.Start();
        var text = Unique();
        var index = registry.PushIndex(
            "app", "1", ("s390x", registry.Push("app", "s390x", text, "s390x")), (TestRegistry.Machine, registry.Push("app", "mine", text)));

        var image = await installation.Engine.ResolveImage($"{registry.Name}/app:1", null, None);

        image.Digest.ShouldBe(index);
        image.Architecture.ShouldBe(TestRegistry.Machine);
        await Remove(image.ImageId);
    }

    [Fact]
    public async Task ResolveImage_OtherArchitecture_IsRefusedWithBothNames()
    {
        await using var installation = Install();
        await using var registry = await TestRegistry.Start();
        registry.PushIndex("app", "index", ("s390x", registry.Push("app", "single", Unique(), "s390x")));

        foreach (var tag in new[] { "index", "single" })
        {
            var failure = await Should.ThrowAsync<EngineException>(() => installation.Engine.ResolveImage($"{registry.Name}/app:{tag}", null, None));

            failure.Failure.ShouldBe(EngineFailure.WrongArchitecture);
            failure.Message.ShouldContain("s390x");
            failure.Message.ShouldContain(TestRegistry.Machine);
        }

        // Nothing was pulled for that.
        registry.Requests.Count(request => request.Contains("/blobs/", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task ResolveImage_UnknownTag_IsNotFound()
    {
        await using var installation = Install();
        await using var registry = await TestRegistry.Start();

        var failure = await Should.ThrowAsync<EngineException>(() => installation.Engine.ResolveImage($"{registry.Name}/app:nope", null, None));

        failure.Failure.ShouldBe(EngineFailure.ImageNotFound);
        failure.Message.ShouldContain($"{registry.Name}/app:nope");
    }

    [Fact]
    public async Task ResolveImage_PrivateRegistry_NeedsTheCredentialsOfDocker()
    {
        await using var registry = await TestRegistry.Start();
        registry.IsPrivate = true;
        registry.Push("secret", "1", Unique());
        using var configuration = new DockerConfigFolder();
        await using var installation = Install(options => options with { DockerConfigDirectory = configuration.Path });

        var failure = await Should.ThrowAsync<EngineException>(() => installation.Engine.ResolveImage($"{registry.Name}/secret:1", null, None));
        configuration.SignIn(registry.Name, TestRegistry.User, TestRegistry.Password);
        var image = await installation.Engine.ResolveImage($"{registry.Name}/secret:1", null, None);

        failure.Failure.ShouldBe(EngineFailure.ImageDenied);
        failure.Message.ShouldContain($"docker login {registry.Name}");
        image.Pulled.ShouldBeTrue();
        await Remove(image.ImageId);
    }

    [Fact]
    public async Task ResolveImage_RegistryAway_UsesTheLocalImageWithAWarning()
    {
        await using var installation = Install();
        await using var raw = RawEngine.Connect(host.RequireSocket());
        await raw.Post($"/images/{host.Image}/tag?repo=127.0.0.1:1/app&tag=1");

        var image = await installation.Engine.ResolveImage("127.0.0.1:1/app:1", null, None);
        var failure = await Should.ThrowAsync<EngineException>(() => installation.Engine.ResolveImage("127.0.0.1:1/app:2", null, None));

        image.ImageId.ShouldBe(host.Image);
        image.Warning.ShouldNotBeNull().ShouldContain("127.0.0.1:1");
        failure.Failure.ShouldBe(EngineFailure.RegistryUnreachable);
        await raw.Delete("/images/127.0.0.1:1/app:1");
    }

    [Fact]
    public async Task ResolveImage_EcrName_IsTheLocalImageOfThatName()
    {
        await using var installation = Install();
        const string Registry = "123456789012.dkr.ecr.eu-west-1.amazonaws.com";

        var image = await installation.Engine.ResolveImage($"{Registry}/{TestImage.Tag}", null, None);
        var failure = await Should.ThrowAsync<EngineException>(() => installation.Engine.ResolveImage($"{Registry}/nothing:1", null, None));

        image.ImageId.ShouldBe(host.Image);
        failure.Failure.ShouldBe(EngineFailure.ImageNotFound);
        failure.Message.ShouldContain("docker tag <image> nothing:1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("UPPER/case:1")]
    [InlineData("app:")]
    [InlineData("a b")]
    public async Task ResolveImage_NoName_IsRefusedWithExamples(string reference)
    {
        await using var installation = Install();

        var failure = await Should.ThrowAsync<EngineException>(() => installation.Engine.ResolveImage(reference, null, None));

        failure.Failure.ShouldBe(EngineFailure.ImageNotFound);
        failure.Message.ShouldContain("app:1");
    }

    [Fact]
    public async Task HoldImage_LastOtherNameRemoved_KeepsTheImageUntilReleased()
    {
        await using var installation = Install();
        var id = await TestImage.Build(installation.Engine, "sanbashi-test/held:1", $"LABEL unique={Unique()}");

        await installation.Engine.HoldImage(id, "web.1", None);
        await installation.Engine.HoldImage(id, "web.1", None);
        await using var raw = RawEngine.Connect(host.RequireSocket());
        await raw.Delete("/images/sanbashi-test/held:1");

        (await installation.Engine.ListHolds(None)).ShouldBe(["web.1"]);
        (await installation.Engine.ResolveImage(id, null, None)).ImageId.ShouldBe(id);
        await installation.Engine.ReleaseImage("web.1", None);
        await installation.Engine.ReleaseImage("web.1", None);
        (await installation.Engine.ListHolds(None)).ShouldBeEmpty();
        (await Should.ThrowAsync<EngineException>(() => installation.Engine.ResolveImage(id, null, None))).Failure.ShouldBe(EngineFailure.ImageNotFound);
    }

    [Fact]
    public async Task ReleaseImage_InstanceStillRuns_LeavesItRunning()
    {
        await using var installation = Install();
        var id = await TestImage.Build(installation.Engine, "sanbashi-test/used:1", $"LABEL unique={Unique()}");
        await installation.Engine.HoldImage(id, "used", None);
        await using var raw = RawEngine.Connect(host.RequireSocket());
        await raw.Delete("/images/sanbashi-test/used:1");
        var instance = await installation.Start(installation.Web() with
        {
            Containers = [installation.Web().Containers[0] with { Image = id }],
        });

        await installation.Engine.ReleaseImage("used", None);

        (await installation.Engine.ListHolds(None)).ShouldBeEmpty();
        (await installation.Get(instance)).ShouldBe("hello from an instance\n");
        await installation.Engine.StopInstance(instance.Identity.InstanceId, TimeSpan.Zero, None);
        await Remove(id);
    }

    [Fact]
    public async Task BuildImage_StepFails_QuotesTheOutput()
    {
        await using var installation = Install();
        var lines = new Reports<string>();

        var failure = await Should.ThrowAsync<EngineException>(() => TestImage.Build(installation.Engine, "sanbashi-test/broken:1", "COPY no-such-file /", lines));

        failure.Failure.ShouldBe(EngineFailure.BuildFailed);
        failure.Message.ShouldContain("no-such-file");
        lines.All.ShouldContain(line => line.Contains("FROM scratch", StringComparison.Ordinal));
    }

    private static string Unique() => Guid.NewGuid().ToString("n");

    private async Task Remove(string image)
    {
        await using var raw = RawEngine.Connect(host.RequireSocket());
        await raw.Delete($"/images/{image}?force=1");
    }

    private sealed class Reports<T> : IProgress<T>
    {
        public ConcurrentQueue<T> All { get; } = new();

        public void Report(T value) => All.Enqueue(value);
    }
}
