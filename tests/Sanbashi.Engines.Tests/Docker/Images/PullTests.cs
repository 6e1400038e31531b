using Sanbashi.Engines.Docker.Api;
using Sanbashi.Engines.Docker.Images;
using Sanbashi.Engines.Registries;

namespace Sanbashi.Engines.Tests.Docker.Images;

public sealed class PullTests
{
    [Theory]
    [InlineData("manifest for app:1 not found: manifest unknown: manifest unknown", EngineFailure.ImageNotFound)]
    [InlineData("pull access denied for app, repository does not exist or may require 'docker login': denied: requested access to the resource is denied", EngineFailure.ImageDenied)]
    [InlineData("unauthorized: authentication required", EngineFailure.ImageDenied)]
    [InlineData("no matching manifest for linux/arm64/v8 in the manifest list entries", EngineFailure.WrongArchitecture)]
    [InlineData("write /var/lib/docker/tmp/x: no space left on device", EngineFailure.DiskFull)]
    [InlineData("Get \"https://registry/v2/\": dial tcp: lookup registry: no such host", EngineFailure.RegistryUnreachable)]
    public void Translate_EnginesText_HasAKind(string text, EngineFailure expected)
    {
        ImageReference.TryParse("registry.example/app:1", out var reference);

        var failure = PullFailures.Translate(reference, text);

        failure.Failure.ShouldBe(expected);
        failure.Message.ShouldContain("registry.example/app:1");
    }

    [Fact]
    public void Translate_FullDisk_SaysWhereAndWhatToDo()
    {
        ImageReference.TryParse("registry.example/app:1", out var reference);

        PullFailures.Translate(reference, "write /var/lib/docker/tmp/x: no space left on device").Message.ShouldBe(
            "Pulling the image 'registry.example/app:1' failed: the disk of the container engine is full (write /var/lib/docker/tmp/x: no space left on device). "
            + "Make room there, for example with 'docker image prune' and 'docker builder prune', and deploy again; 'df -h' and 'df -i' show what is left.");
    }

    [Fact]
    public void Progress_Layers_AreSummedUp()
    {
        var progress = new PullProgress();

        progress.Accept(new ProgressMessage { Status = "Pulling from app", Id = "1" }).ShouldBeNull();
        progress.Accept(new ProgressMessage { Status = "Digest: x" }).ShouldBeNull();
        progress.Accept(new ProgressMessage { Status = "Pulling fs layer", Id = "a" });
        progress.Accept(new ProgressMessage { Status = "Already exists", Id = "b" });
        progress.Accept(new ProgressMessage { Status = "Downloading", Id = "a", Detail = new ProgressDetail { Current = 30, Total = 100 } })
            .ShouldBe(new ImageProgress("1 of 2 layers", 30, 100));
        progress.Accept(new ProgressMessage { Status = "Download complete", Id = "a" }).ShouldBe(new ImageProgress("1 of 2 layers", 100, 100));
        progress.Accept(new ProgressMessage { Status = "Pull complete", Id = "a" }).ShouldBe(new ImageProgress("2 of 2 layers", 100, 100));
    }

    [Theory]
    [InlineData("amd64", "amd64", true)]
    [InlineData("x86_64", "amd64", true)]
    [InlineData("386", "amd64", true)]
    [InlineData("arm64", "amd64", false)]
    [InlineData("amd64", "arm64", false)]
    [InlineData("", "amd64", true)]
    [InlineData(null, "arm64", true)]
    public void RunsOn_Architectures_AreCompared(string? image, string machine, bool expected)
    {
        Architectures.RunsOn(image, machine).ShouldBe(expected);
    }
}
