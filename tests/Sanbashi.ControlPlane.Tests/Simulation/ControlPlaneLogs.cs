using Microsoft.Extensions.Logging;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <summary>Everything a control plane writes goes into the trace. An error means a failure that nobody foresaw.</summary>
internal sealed class ControlPlaneLogs<T>(World world, SimulatedProcess process) : ILogger<T>, IServiceLog, IInstanceLogs
{
    public void Event(ServiceRecord service, string message) => world.Trace.Note($"    {service.Name}: {message}");

    public void Deployment(ServiceRecord service, string operationId, string message)
    {
        // Told as an event as well.
    }

    public void Follow(string instanceId, string serviceId, IReadOnlyList<string> containers)
    {
        // Applications write nothing here.
    }

    public Task Finish(string instanceId, CancellationToken cancellationToken) =>
        Task.Delay(world.Skewed(0.1, 4000), new VirtualTimeProvider(world.Clock, process), cancellationToken);

    public Task<IReadOnlyList<string>> LastLines(string serviceId, string instanceId, int count, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>(["the last line"]);

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error || world.Trace.IsKept;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (logLevel >= LogLevel.Error)
        {
            world.Violate($"The control plane logged an error: {formatter(state, exception)} {exception}");
        }

        world.Trace.Note($"    log: {formatter(state, exception)}");
    }
}
