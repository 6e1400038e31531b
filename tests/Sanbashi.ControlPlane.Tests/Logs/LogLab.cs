using Microsoft.Extensions.Logging.Abstractions;
using Sanbashi.ControlPlane.Logs;
using Sanbashi.Domain.Identity;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Tests.Logs;

/// <summary>Logs in a folder of their own.</summary>
internal sealed class LogLab : IDisposable
{
    public const string ServiceId = "0123456789abcdef0123456789abcdef";

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    public LogLab(LogStoreOptions? options = null)
    {
        Folder = Directory.CreateTempSubdirectory("sanbashi-logs-").FullName;
        Options = options ?? new LogStoreOptions();
        Store = Open();
        Register(ServiceId, "web");
    }

    public string Folder { get; }

    public LogStoreOptions Options { get; }

    public TestClock Clock { get; } = new();

    public LogStore Store { get; private set; }

    public static CancellationToken Deadline() => new CancellationTokenSource(LongestWait).Token;

    public static LogLine Line(long nanoseconds, string text, int countAtStamp = 1, bool isError = false)
    {
        var moment = DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100);
        return new LogLine(moment, isError, text, new LogCursor(moment, nanoseconds, countAtStamp));
    }

    public void Register(string serviceId, string name, string region = "local-1", DateTimeOffset? deletedAt = null) =>
        Store.Register(serviceId, name, new ResourceScope("000000000000", region), Clock.GetUtcNow(), deletedAt);

    /// <summary>As a process that was killed and started again: what was open is left open.</summary>
    public LogStore Reopen() => Store = Open();

    public string PathOf(params string[] parts) => Path.Combine([Folder, ServiceId, .. parts]);

    public string[] Texts(LogGroup group, string stream) => [.. Store.Read(new LogQuery(ServiceId, group) { Streams = [stream] }).Records.Select(record => record.Text)];

    public void Dispose()
    {
        Store.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    private LogStore Open() => new(Folder, Options, Clock, NullLogger<LogStore>.Instance);
}
