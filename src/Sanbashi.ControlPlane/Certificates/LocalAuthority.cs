using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Sanbashi.ControlPlane.Certificates;

/// <summary>
/// The certificate authority of one installation, and the certificate that it gives to the platform's own domain. Whoever trusts the authority
/// (<c>sanbashi trust</c>) gets HTTPS without warnings for every service below the domain.
/// </summary>
/// <param name="additionalNames">Host names or addresses that the certificate is for beyond the domain, its wildcard, localhost, 127.0.0.1 and ::1.</param>
public sealed class LocalAuthority(string directory, string domain, TimeProvider timeProvider, params IReadOnlyList<string> additionalNames)
{
    /// <summary>How long the authority is valid.</summary>
    public static readonly TimeSpan AuthorityLifetime = TimeSpan.FromDays(3650);

    /// <summary>How long a certificate is valid. Apple's programs accept at most 825 days from a private authority; a year leaves room.</summary>
    public static readonly TimeSpan CertificateLifetime = TimeSpan.FromDays(365);

    /// <summary>A certificate with less than this left is replaced.</summary>
    public static readonly TimeSpan RenewBefore = CertificateLifetime / 3;

    // A client's clock may be behind ours.
    private static readonly TimeSpan _backdating = TimeSpan.FromHours(1);

    private const int WouldBlock = 11;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Everyone = OwnerOnly | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public string AuthorityPath => Path.Combine(directory, "authority.crt");

    public string AuthorityKeyPath => Path.Combine(directory, "authority.key");

    /// <summary>The platform's certificate, then nothing else: the authority itself is the root.</summary>
    public string CertificatePath => Path.Combine(directory, "platform.crt");

    public string KeyPath => Path.Combine(directory, "platform.key");

    /// <summary>
    /// Makes what is missing and replaces what is about to expire, lacks a name, or is a certificate and a key that do not belong together (a process
    /// was killed between writing the two). Safe to call from several processes at once.
    /// </summary>
    /// <exception cref="CryptographicException">
    /// The authority is there but cannot be used, or ends before the next certificate would need it. It is not replaced by itself, because people
    /// have trusted it: whoever removes its files gets a new one.
    /// </exception>
    public void Ensure()
    {
        Directory.CreateDirectory(directory);
        using var turn = WaitForTurn(Path.Combine(directory, ".lock"));

        var now = timeProvider.GetUtcNow();
        if (!File.Exists(AuthorityPath) || !File.Exists(AuthorityKeyPath))
        {
            MakeAuthority(now);
        }

        using var authority = LoadAuthority(now);
        if (!IsCurrent(authority, now))
        {
            MakeCertificate(authority, now);
        }
    }

    /// <summary>Names that the platform's certificate is for.</summary>
    private string[] Names => [.. new[] { domain, $"*.{domain}", "localhost", "127.0.0.1", "::1" }.Concat(additionalNames).Distinct(StringComparer.OrdinalIgnoreCase)];

    private X509Certificate2 LoadAuthority(DateTimeOffset now)
    {
        X509Certificate2 authority;
        try
        {
            authority = X509Certificate2.CreateFromPemFile(AuthorityPath, AuthorityKeyPath);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new CryptographicException($"The local certificate authority {AuthorityPath} and its key cannot be used: {exception.Message} Restore them from a backup, or remove both to get a new authority, which has to be trusted anew.", exception);
        }

        if (authority.NotAfter.ToUniversalTime() <= now)
        {
            authority.Dispose();
            throw new CryptographicException($"The local certificate authority {AuthorityPath} has expired. Remove it and {AuthorityKeyPath} to get a new one, which has to be trusted anew.");
        }

        return authority;
    }

    private bool IsCurrent(X509Certificate2 authority, DateTimeOffset now)
    {
        if (!File.Exists(CertificatePath) || !File.Exists(KeyPath))
        {
            return false;
        }

        try
        {
            using var certificate = X509Certificate2.CreateFromPemFile(CertificatePath, KeyPath);
            return certificate.NotAfter.ToUniversalTime() - now > RenewBefore
                && Names.All(name => certificate.MatchesHostname(name.Replace("*", "any", StringComparison.Ordinal), allowWildcards: true, allowCommonName: false))
                && IsIssuedBy(certificate, authority);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            // Not a pair: nobody can have used it, so it is replaced.
            return false;
        }
    }

    private static bool IsIssuedBy(X509Certificate2 certificate, X509Certificate2 authority) =>
        certificate.IssuerName.RawData.AsSpan().SequenceEqual(authority.SubjectName.RawData)
        && certificate.Extensions.OfType<X509AuthorityKeyIdentifierExtension>().SingleOrDefault()?.KeyIdentifier is { } issuer
        && authority.Extensions.OfType<X509SubjectKeyIdentifierExtension>().SingleOrDefault() is { } subject
        && issuer.Span.SequenceEqual(subject.SubjectKeyIdentifierBytes.Span);

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
            if (IPAddress.TryParse(name, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(name);
            }
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using var certificate = request.Create(authority, now - _backdating, Earlier(now + CertificateLifetime, authority.NotAfter), Serial());

        // The key first: a reader that meets the new certificate finds its key, one that meets the old pair is looked at again when the files settle.
        Write(KeyPath, key.ExportPkcs8PrivateKeyPem(), OwnerOnly);
        Write(CertificatePath, certificate.ExportCertificatePem(), Everyone);
    }

    // Positive (RFC 5280, 4.1.2.2).
    private static byte[] Serial()
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 1);
        return serial;
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
            catch (IOException taken) when (taken.HResult == WouldBlock)
            {
                wait.SpinOnce();
            }
        }
    }
}
