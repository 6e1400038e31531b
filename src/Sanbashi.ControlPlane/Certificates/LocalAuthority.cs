using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sanbashi.ControlPlane.Certificates;

/// <summary>
/// The certificate authority of one installation, and the certificate that it gives to the platform's own domain. Whoever trusts the authority
/// (<c>sanbashi trust</c>) gets HTTPS without warnings for every service below the domain.
/// </summary>
public sealed class LocalAuthority(string directory, string domain, TimeProvider timeProvider)
{
    /// <summary>How long the authority is valid.</summary>
    public static readonly TimeSpan AuthorityLifetime = TimeSpan.FromDays(3650);

    /// <summary>How long a certificate is valid. Apple's programs accept at most 825 days from a private authority; a year leaves room.</summary>
    public static readonly TimeSpan CertificateLifetime = TimeSpan.FromDays(365);

    /// <summary>A certificate with less than this left is replaced.</summary>
    public static readonly TimeSpan RenewBefore = CertificateLifetime / 3;

    // A client's clock may be behind ours.
    private static readonly TimeSpan _backdating = TimeSpan.FromHours(1);

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everyone = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public string AuthorityPath => Path.Combine(directory, "authority.crt");

    public string AuthorityKeyPath => Path.Combine(directory, "authority.key");

    /// <summary>The platform's certificate, then nothing else: the authority itself is the root.</summary>
    public string CertificatePath => Path.Combine(directory, "platform.crt");

    public string KeyPath => Path.Combine(directory, "platform.key");

    /// <summary>
    /// Makes what is missing and replaces what is about to expire or names another domain. Safe to call from several processes at once.
    /// </summary>
    /// <exception cref="CryptographicException">A file is there but is no certificate or key.</exception>
    public void Ensure()
    {
        Directory.CreateDirectory(directory);
        using var turn = WaitForTurn(Path.Combine(directory, ".lock"));

        var now = timeProvider.GetUtcNow();
        if (!File.Exists(AuthorityPath) || !File.Exists(AuthorityKeyPath))
        {
            MakeAuthority(now);
        }

        if (!IsCurrent(now))
        {
            using var authority = X509Certificate2.CreateFromPemFile(AuthorityPath, AuthorityKeyPath);
            MakeCertificate(authority, now);
        }
    }

    /// <summary>Names that the platform's certificate is for.</summary>
    private string[] Names => [domain, $"*.{domain}", "localhost"];

    private bool IsCurrent(DateTimeOffset now)
    {
        if (!File.Exists(CertificatePath) || !File.Exists(KeyPath))
        {
            return false;
        }

        using var certificate = X509Certificate2.CreateFromPem(File.ReadAllText(CertificatePath));
        using var authority = X509Certificate2.CreateFromPem(File.ReadAllText(AuthorityPath));
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(extension => extension.EnumerateDnsNames());
        return certificate.NotAfter.ToUniversalTime() - now > RenewBefore
            && Names.All(names.Contains)
            && certificate.IssuerName.RawData.AsSpan().SequenceEqual(authority.SubjectName.RawData);
    }

    private void MakeAuthority(DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        // The random part tells several installations' authorities apart in one trust store.
        var name = new X500DistinguishedName($"CN=Sanbashi local authority {Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4))}");
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var certificate = request.CreateSelfSigned(now - _backdating, now + AuthorityLifetime);
        Write(AuthorityKeyPath, key.ExportPkcs8PrivateKeyPem(), OwnerOnly);
        Write(AuthorityPath, certificate.ExportCertificatePem(), Everyone);
    }

    private void MakeCertificate(X509Certificate2 authority, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(new X500DistinguishedName($"CN={domain}"), key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in Names)
        {
            names.AddDnsName(name);
        }

        names.AddIpAddress(IPAddress.Loopback);
        names.AddIpAddress(IPAddress.IPv6Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using var certificate = request.Create(authority, now - _backdating, Earlier(now + CertificateLifetime, authority.NotAfter), RandomNumberGenerator.GetBytes(16));

        // The key first: a reader that meets the new certificate finds its key, one that meets the old pair is looked at again when the files settle.
        Write(KeyPath, key.ExportPkcs8PrivateKeyPem(), OwnerOnly);
        Write(CertificatePath, certificate.ExportCertificatePem(), Everyone);
    }

    private static DateTimeOffset Earlier(DateTimeOffset wanted, DateTime authorityEnd) =>
        wanted < authorityEnd.ToUniversalTime() ? wanted : authorityEnd.ToUniversalTime();

    private static void Write(string path, string text, UnixFileMode mode)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        using (var file = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode }))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(text + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    // Both processes of a platform come here at its first start; the other one needs milliseconds. Not sharing a file is an exclusive flock.
    private static FileStream WaitForTurn(string path)
    {
        var wait = new SpinWait();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                wait.SpinOnce();
            }
        }
    }
}
