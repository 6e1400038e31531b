using System.Net;
using Sanbashi.Gateway.Certificates;
using Sanbashi.Gateway.Hosting;
using Sanbashi.Gateway.Overload;

namespace Sanbashi.Gateway;

/// <summary>What one gateway process is told at its start. Limits that are not here have fixed values, see <see cref="GatewayDefaults"/>.</summary>
public sealed record GatewayOptions
{
    /// <summary>Tells this gateway from others that report to the same control plane; a new one for each process. Default: 32 random hex digits.</summary>
    public string GatewayId { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>Where requests come in. At least one.</summary>
    public required IReadOnlyList<GatewayListener> Listeners { get; init; }

    /// <summary>The unix socket that the control plane listens on; null for a gateway that only serves its snapshot.</summary>
    public string? ControlSocketPath { get; init; }

    /// <summary>File with the last routes, read at the start and written at every change.</summary>
    public required string SnapshotPath { get; init; }

    /// <summary>Root of the log folders: lines go to <c>&lt;folder&gt;/&lt;service id&gt;/access/access.jsonl</c>. Null: no access log.</summary>
    public string? LogFolder { get; init; }

    /// <summary>Certificates for the https listeners, chosen by the name the client asks for; the first is used where none fits. Reloaded when the files change.</summary>
    public IReadOnlyList<CertificateFiles> Certificates { get; init; } = [];

    /// <summary>How long in-flight requests may take to finish after the stop signal. Default 30 s.</summary>
    public TimeSpan DrainTimeout { get; init; } = GatewayDefaults.DrainTimeout;

    /// <summary>Peers whose X-Forwarded-* and Forwarded headers are believed. Default none: what clients send is replaced.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>When set, plain HTTP/1.1 requests are answered with 308 to https on this port, unless a trusted proxy says that they came by https. Default off.</summary>
    public int? RedirectToHttpsPort { get; init; }

    /// <summary>How long to wait for the control plane's routes before those on disk are served. Default 2 s.</summary>
    public TimeSpan StartupLinkWait { get; init; } = GatewayDefaults.StartupLinkWait;

    /// <summary>How long a request for an unknown host waits while routes are missing. Default 5 s.</summary>
    public TimeSpan RoutesWait { get; init; } = GatewayDefaults.RoutesWait;

    /// <summary>Size at which an access log file is rotated, in bytes. Default 20 MB.</summary>
    public long AccessLogFileBytes { get; init; } = GatewayDefaults.AccessLogFileBytes;

    /// <summary>Client connections open at once. Default 20,000.</summary>
    public long MaxConnections { get; init; } = GatewayDefaults.MaxConnections;

    /// <summary>Client connections open at once on one listener. Default 16,000.</summary>
    public long MaxListenerConnections { get; init; } = GatewayDefaults.MaxListenerConnections;

    /// <summary>Memory in bytes at which new connections are refused; new requests are at 90 % of it. Default: half of the machine's or container's.</summary>
    public long MemoryCeilingBytes { get; init; } = MemoryGuard.DefaultCeiling;

    /// <summary>From the first byte of a request to the end of its headers. Default 30 s.</summary>
    public TimeSpan RequestHeadersTimeout { get; init; } = GatewayDefaults.RequestHeadersTimeout;

    /// <summary>Bytes of memory that the process uses now.</summary>
    internal Func<long> UsedMemory { get; init; } = static () => Environment.WorkingSet;

    /// <summary>How long a stream that was asked to end may take before it is cut. Default 2 s.</summary>
    public TimeSpan StreamEndGrace { get; init; } = GatewayDefaults.StreamEndGrace;
}
