using Sanbashi.Engines.Registries;

namespace Sanbashi.Engines.Tests.Registries;

public sealed class ImageReferenceTests
{
    private const string Digest = "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("app", "docker.io", "library/app", "latest", true)]
    [InlineData("app:1", "docker.io", "library/app", "1", true)]
    [InlineData("team/app:1.2-rc_3", "docker.io", "team/app", "1.2-rc_3", true)]
    [InlineData("docker.io/app", "docker.io", "library/app", "latest", false)]
    [InlineData("index.docker.io/team/app", "docker.io", "team/app", "latest", false)]
    [InlineData("ghcr.io/team/deep/app:1", "ghcr.io", "team/deep/app", "1", false)]
    [InlineData("registry:5000/app:1", "registry:5000", "app", "1", false)]
    [InlineData("localhost:5000/app", "localhost:5000", "app", "latest", false)]
    [InlineData("localhost/app:1", "localhost", "app", "1", true)]
    [InlineData("127.0.0.1:5000/a/b:c", "127.0.0.1:5000", "a/b", "c", false)]
    [InlineData("[::1]:5000/app", "[::1]:5000", "app", "latest", false)]
    public void TryParse_Names_AreReadByDockersRules(string text, string registry, string repository, string tag, bool isBare)
    {
        ImageReference.TryParse(text, out var reference).ShouldBeTrue();

        (reference.Registry, reference.Repository, reference.Tag, reference.IsBare, reference.Digest).ShouldBe((registry, repository, tag, isBare, null));
    }

    [Theory]
    [InlineData("app", "app")]
    [InlineData("docker.io/library/app:1", "app")]
    [InlineData("docker.io/team/app:1", "team/app")]
    [InlineData("ghcr.io/team/app:1", "ghcr.io/team/app")]
    [InlineData("localhost/app", "localhost/app")]
    public void EngineName_Names_AreAsEnginesKeepThem(string text, string expected)
    {
        ImageReference.TryParse(text, out var reference).ShouldBeTrue();

        reference.EngineName.ShouldBe(expected);
        reference.WithDigest(Digest).ShouldBe($"{expected}@{Digest}");
    }

    [Fact]
    public void TryParse_TagAndDigest_AsksForTheDigest()
    {
        ImageReference.TryParse($"ghcr.io/app:1@{Digest}", out var reference).ShouldBeTrue();

        (reference.Tag, reference.Digest, reference.ManifestReference).ShouldBe(("1", Digest, Digest));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" app")]
    [InlineData("App")]
    [InlineData("app:")]
    [InlineData("app:.x")]
    [InlineData("app@sha256:123")]
    [InlineData("app//b")]
    [InlineData("/app")]
    [InlineData("app/")]
    [InlineData("https://ghcr.io/app")]
    [InlineData("ghcr.io")]
    [InlineData("-app")]
    [InlineData("a..b")]
    [InlineData("ghcr.io:port/app")]
    public void TryParse_Other_IsRefused(string text)
    {
        // "ghcr.io" alone is a repository by Docker's rules.
        ImageReference.TryParse(text, out var reference).ShouldBe(text == "ghcr.io");
        (reference is null || reference.IsBare).ShouldBeTrue();
    }

    [Theory]
    [InlineData("123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app:7", "123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app:7", "team/app:7")]
    [InlineData("123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/app", "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn/app:latest", "app:latest")]
    public void EcrReference_PrivateName_HasLocalNames(string text, string full, string bare)
    {
        ImageReference.TryParse(text, out var reference).ShouldBeTrue();

        EcrReference.LocalNames(reference).ShouldBe([full, bare]);
    }

    [Theory]
    [InlineData("public.ecr.aws/team/app:7")]
    [InlineData("12345.dkr.ecr.eu-west-1.amazonaws.com/app")]
    [InlineData("app:1")]
    public void EcrReference_OtherName_HasNone(string text)
    {
        ImageReference.TryParse(text, out var reference).ShouldBeTrue();

        EcrReference.LocalNames(reference).ShouldBeEmpty();
    }
}
