using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Sanbashi.Acceptance.Tests.Load;

/// <summary>What the clients of a load have counted.</summary>
internal sealed class LoadReport
{
    private readonly ConcurrentDictionary<string, long> _requests = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, long> _versions = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<LoadFailure> _failures = new();
    private long _endedSessions;

    public long Requests => _requests.Values.Sum();

    public IReadOnlyCollection<LoadFailure> Failures => _failures;

    /// <summary>WebSockets closed with 1001 and event streams that came to an end: what a deployment may do to them.</summary>
    public long EndedSessions => Interlocked.Read(ref _endedSessions);

    /// <summary>Answers by the version that gave them.</summary>
    public IReadOnlyDictionary<string, long> Versions => _versions;

    /// <summary>Successful exchanges of one kind of client.</summary>
    public long Of(string kind) => _requests.GetValueOrDefault(kind);

    public void Succeeded(string kind, string? version)
    {
        _requests.AddOrUpdate(kind, 1, static (_, count) => count + 1);
        if (version is not null)
        {
            _versions.AddOrUpdate(version, 1, static (_, count) => count + 1);
        }
    }

    public void SessionEnded() => Interlocked.Increment(ref _endedSessions);

    public void Failed(string kind, string reason) => _failures.Enqueue(new LoadFailure(DateTimeOffset.UtcNow, kind, reason, false));

    public void Failed(string kind, Exception failure)
    {
        var causes = Causes(failure).ToList();
        _failures.Enqueue(new LoadFailure(
            DateTimeOffset.UtcNow,
            kind,
            string.Join(" <- ", causes.Select(cause => $"{cause.GetType().Name}: {cause.Message}")),
            causes.OfType<SocketException>().Any(cause => cause.SocketErrorCode == SocketError.ConnectionRefused)));
    }

    public void ShouldHaveNoFailures() => (Failures.Count == 0).ShouldBeTrue(ToString());

    public override string ToString() =>
        $"{Requests} exchanges ({string.Join(", ", _requests.OrderBy(kind => kind.Key).Select(kind => $"{kind.Key} {kind.Value}"))}), {EndedSessions} ended sessions, "
        + $"versions {string.Join(", ", _versions.OrderBy(version => version.Key).Select(version => $"{version.Key}: {version.Value}"))}, {_failures.Count} failures"
        + string.Concat(_failures.Take(20).Select(failure => $"\n  {failure.At:HH:mm:ss.fff} {failure.Kind}: {failure.Reason}"));

    private static IEnumerable<Exception> Causes(Exception? failure)
    {
        for (; failure is not null; failure = failure.InnerException)
        {
            yield return failure;
        }
    }
}

/// <param name="IsRefused">Whether no connection could be opened.</param>
internal sealed record LoadFailure(DateTimeOffset At, string Kind, string Reason, bool IsRefused);
