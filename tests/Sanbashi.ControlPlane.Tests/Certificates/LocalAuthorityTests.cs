using System.Security.Cryptography.X509Certificates;
using Sanbashi.ControlPlane.Certificates;

namespace Sanbashi.ControlPlane.Tests.Certificates;

public sealed class LocalAuthorityTests : IDisposable
{
    private static readonly DateTimeOffset _start = new(2026, 7, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly string _folder = Directory.CreateTempSubdirectory("sb-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("sanbashi.localhost", true)]
    [InlineData("hello.sanbashi.localhost", true)]
    [InlineData("localhost", true)]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("example.org", false)]
    public void Certificate_Name_IsCoveredOrNot(string name, bool isCovered)
    {
        using var certificate = Ensure(_start);

        certificate.MatchesHostname(name).ShouldBe(isCovered);
    }

    [Fact]
    public void Certificate_CheckedAgainstTheAuthority_IsTrusted()
    {
        using var certificate = Ensure(_start);
        using var authority = X509Certificate2.CreateFromPem(File.ReadAllText(Authority(_start).AuthorityPath));
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = _start.UtcDateTime;

        chain.Build(certificate).ShouldBeTrue(string.Join(", ", chain.ChainStatus.Select(status => status.StatusInformation)));
    }

    [Fact]
    public void Ensure_StillLongValid_KeepsTheCertificate()
    {
        using var first = Ensure(_start);
        using var second = Ensure(_start + TimeSpan.FromDays(200));

        second.Thumbprint.ShouldBe(first.Thumbprint);
    }

    [Fact]
    public void Ensure_LastThirdOfItsLife_RenewsUnderTheSameAuthority()
    {
        using var first = Ensure(_start);
        using var second = Ensure(_start + TimeSpan.FromDays(250));

        second.Thumbprint.ShouldNotBe(first.Thumbprint);
        second.Issuer.ShouldBe(first.Issuer);
    }

    [Fact]
    public void Ensure_OtherDomain_MakesACertificateForIt()
    {
        Ensure(_start).Dispose();
        var other = new LocalAuthority(_folder, "apps.example.org", new FixedTime(_start));
        other.Ensure();

        using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(other.CertificatePath));
        certificate.MatchesHostname("hello.apps.example.org").ShouldBeTrue();
    }

    [Fact]
    public void Keys_Made_AreTheOwnersOnly()
    {
        Ensure(_start).Dispose();

        File.GetUnixFileMode(Authority(_start).AuthorityKeyPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.GetUnixFileMode(Authority(_start).KeyPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Ensure_SeveralAtOnce_LeavesOneMatchingPair()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Authority(_start).Ensure())));

        using var pair = X509Certificate2.CreateFromPemFile(Authority(_start).CertificatePath, Authority(_start).KeyPath);
        pair.HasPrivateKey.ShouldBeTrue();
    }

    private LocalAuthority Authority(DateTimeOffset now) => new(_folder, "sanbashi.localhost", new FixedTime(now));

    private X509Certificate2 Ensure(DateTimeOffset now)
    {
        var authority = Authority(now);
        authority.Ensure();
        return X509Certificate2.CreateFromPem(File.ReadAllText(authority.CertificatePath));
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
