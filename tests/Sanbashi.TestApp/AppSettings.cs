using System.Globalization;

namespace Sanbashi.TestApp;

/// <summary>How the application behaves, from its environment.</summary>
internal sealed record AppSettings
{
    /// <summary><c>APP_VERSION</c>: what <c>/</c> answers as the version.</summary>
    public required string Version { get; init; }

    /// <summary><c>LISTEN_PORT</c>, else <c>PORT</c>, else 8080.</summary>
    public required int Port { get; init; }

    /// <summary><c>LISTEN_HOST</c>: the address to listen on; all of them by default.</summary>
    public required string Host { get; init; }

    /// <summary><c>NEVER_LISTEN</c>: run, but open no port.</summary>
    public required bool NeverListens { get; init; }

    /// <summary><c>EXIT_AT_START</c>: print some lines and end with this code.</summary>
    public int? ExitAtStart { get; init; }

    /// <summary><c>ALLOCATE_AT_START</c>: take this many megabytes before listening.</summary>
    public int? AllocateAtStartMegabytes { get; init; }

    /// <summary><c>START_DELAY_MS</c>: wait before listening.</summary>
    public required TimeSpan StartDelay { get; init; }

    /// <summary><c>HEALTH_STATUS</c>: what <c>/healthz</c> answers; 200 by default.</summary>
    public required int HealthStatus { get; init; }

    /// <summary><c>HTTP2_ONLY</c>: speak HTTP/2 with prior knowledge and nothing else.</summary>
    public required bool IsHttp2Only { get; init; }

    /// <summary><c>QUIET</c>: no line per request.</summary>
    public required bool IsQuiet { get; init; }

    public static AppSettings FromEnvironment() => new()
    {
        Version = Text("APP_VERSION") ?? "unversioned",
        Port = Number("LISTEN_PORT") ?? Number("PORT") ?? 8080,
        Host = Text("LISTEN_HOST") ?? "0.0.0.0",
        NeverListens = Text("NEVER_LISTEN") is not null,
        ExitAtStart = Number("EXIT_AT_START"),
        AllocateAtStartMegabytes = Number("ALLOCATE_AT_START"),
        StartDelay = TimeSpan.FromMilliseconds(Number("START_DELAY_MS") ?? 0),
        HealthStatus = Number("HEALTH_STATUS") ?? 200,
        IsHttp2Only = Text("HTTP2_ONLY") is not null,
        IsQuiet = Text("QUIET") is not null,
    };

    private static string? Text(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;

    private static int? Number(string name) => Text(name) is { } value ? int.Parse(value, CultureInfo.InvariantCulture) : null;
}
