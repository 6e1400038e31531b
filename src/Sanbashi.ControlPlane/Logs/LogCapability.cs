using Microsoft.Extensions.Logging;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.ControlPlane.Logs.Api;
using Sanbashi.ControlPlane.Logs.Collecting;
using Sanbashi.ControlPlane.Logs.Retention;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Engines;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Logs;

/// <summary>Everything about logs, put together.</summary>
public sealed class LogCapability : IAsyncDisposable
{
    private readonly InstanceLogCollector _collector;
    private readonly LogSweeper _sweeper;

    private LogCapability(LogStore store, InstanceLogCollector collector, LogSweeper sweeper, IServiceLog serviceLog)
    {
        Store = store;
        _collector = collector;
        _sweeper = sweeper;
        ServiceLog = serviceLog;
        Api = LogsApi.Create(store);
    }

    public LogStore Store { get; }

    /// <summary>Where reconcilers and API tell what happens.</summary>
    public IServiceLog ServiceLog { get; }

    /// <summary>Collects what containers write.</summary>
    public IInstanceLogs InstanceLogs => _collector;

    /// <summary>For the wire to serve: the model <c>logs</c>.</summary>
    public ApiService Api { get; }

    /// <param name="folder">Of all logs, <see cref="ControlPlaneOptions.LogDirectory"/>.</param>
    /// <param name="options">Null: the defaults.</param>
    public static LogCapability Create(string folder, LogStoreOptions? options, IContainerEngine engine, TimeProvider timeProvider, ILoggerFactory loggers)
    {
        var store = new LogStore(folder, options ?? new LogStoreOptions(), timeProvider, loggers.CreateLogger<LogStore>());
        return new LogCapability(
            store,
            new InstanceLogCollector(engine, store, timeProvider, loggers.CreateLogger<InstanceLogCollector>()),
            new LogSweeper(store, timeProvider, loggers.CreateLogger<LogSweeper>()),
            new ServiceLog(store, loggers.CreateLogger<ServiceLog>()));
    }

    /// <summary>Keeps age and size of the logs within their bounds, until cancelled; returns then.</summary>
    public Task Run(CancellationToken cancellationToken) => Task.Run(() => _sweeper.Run(cancellationToken), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await _collector.DisposeAsync();
        Store.Dispose();
    }
}
