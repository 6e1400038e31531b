using System.Collections.Frozen;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace Sanbashi.Gateway.Certificates;

/// <summary>
/// The certificates in use, by name. Files are looked at in an interval; a change that cannot be read leaves the running certificate in place.
/// </summary>
internal sealed class CertificateShelf : IDisposable
{
    private readonly IReadOnlyList<CertificateFiles> _files;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Lock _reloading = new();
    private string _stamp;
    private Shelf _shelf;

    public CertificateShelf(IReadOnlyList<CertificateFiles> files, TimeProvider timeProvider, ILogger logger)
    {
        _files = files;
        _logger = logger;
        _stamp = Stamp();
        _shelf = Load();
        _timer = timeProvider.CreateTimer(static state => ((CertificateShelf)state!).ReloadIfChanged(), this, GatewayDefaults.CertificateCheckInterval, GatewayDefaults.CertificateCheckInterval);
    }

    /// <summary>Options for a handshake with a client that asks for <paramref name="serverName"/> (may be empty).</summary>
    public SslServerAuthenticationOptions For(string? serverName)
    {
        var shelf = Volatile.Read(ref _shelf);
        if (string.IsNullOrEmpty(serverName))
        {
            return shelf.Fallback;
        }

        if (shelf.ByName.TryGetValue(serverName, out var exact))
        {
            return exact;
        }

        var dot = serverName.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && shelf.ByName.TryGetValue(string.Concat("*", serverName.AsSpan(dot)), out var wildcard) ? wildcard : shelf.Fallback;
    }

    public void ReloadIfChanged()
    {
        lock (_reloading)
        {
            var stamp = Stamp();
            if (stamp == _stamp)
            {
                return;
            }

            try
            {
                Volatile.Write(ref _shelf, Load());
                _logger.CertificatesReloaded(_files.Count);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
            {
                _logger.CertificatesNotReloaded(exception);
            }

            // Also after a failure: the same bad files are reported once, and half-written ones change again.
            _stamp = stamp;
        }
    }

    public void Dispose() => _timer.Dispose();

    private Shelf Load()
    {
        var byName = new Dictionary<string, SslServerAuthenticationOptions>(StringComparer.OrdinalIgnoreCase);
        SslServerAuthenticationOptions? fallback = null;
        foreach (var files in _files)
        {
            var (leaf, options) = LoadOne(files);
            fallback ??= options;
            foreach (var name in Names(leaf))
            {
                byName.TryAdd(name, options);
            }
        }

        return new Shelf(byName.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase), fallback ?? throw new ArgumentException("An https listener needs at least one certificate."));
    }

    private static (X509Certificate2 Leaf, SslServerAuthenticationOptions Options) LoadOne(CertificateFiles files)
    {
        var leaf = X509Certificate2.CreateFromPemFile(files.CertificatePath, files.KeyPath);
        var chain = new X509Certificate2Collection();
        chain.ImportFromPemFile(files.CertificatePath);
        chain.RemoveAt(0);

        // Built once here; a context made per handshake would build the chain each time and lose session resumption.
        var context = SslStreamCertificateContext.Create(leaf, chain, offline: true);
        return (leaf, new SslServerAuthenticationOptions
        {
            ServerCertificateContext = context,
            ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11],
            ClientCertificateRequired = false,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            AllowRenegotiation = false,
        });
    }

    private static IEnumerable<string> Names(X509Certificate2 certificate)
    {
        foreach (var extension in certificate.Extensions)
        {
            if (extension is X509SubjectAlternativeNameExtension names)
            {
                foreach (var name in names.EnumerateDnsNames())
                {
                    yield return name;
                }
            }
        }
    }

    private string Stamp() => string.Join('|', _files.SelectMany(f => new[] { f.CertificatePath, f.KeyPath }).Select(path =>
    {
        var file = new FileInfo(path);
        return file.Exists ? $"{file.LastWriteTimeUtc.Ticks}:{file.Length}" : "absent";
    }));

    private sealed record Shelf(FrozenDictionary<string, SslServerAuthenticationOptions> ByName, SslServerAuthenticationOptions Fallback);
}
