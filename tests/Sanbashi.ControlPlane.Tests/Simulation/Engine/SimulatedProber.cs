using Sanbashi.ControlPlane.Instances;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Workloads;

namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <summary>Probes what the engine runs. A frozen port takes connections, as real ones do; now and then a probe of an instance that is well fails, never two in a row.</summary>
internal sealed class SimulatedProber(World world, SimulatedProcess process) : IHealthProber
{
    private readonly HashSet<string> _spoiled = new(StringComparer.Ordinal);

    public async Task<ProbeResult> Probe(string endpoint, HealthCheck check, InstanceProtocol protocol, CancellationToken cancellationToken)
    {
        var answer = new TaskCompletionSource<ProbeResult>();
        world.Later(world.Skewed(0.1, 30), () =>
        {
            var (result, time) = Look(endpoint, check);
            world.Send(process, time, () => answer.TrySetResult(result));
        });
        using var registration = cancellationToken.Register(() => answer.TrySetCanceled(cancellationToken));
        return await answer.Task;
    }

    private (ProbeResult Result, TimeSpan Time) Look(string endpoint, HealthCheck check)
    {
        var timeout = TimeSpan.FromSeconds(check.TimeoutSeconds);
        if (world.Engine.At(endpoint) is not { Application: { } application } instance || instance.Container == PartState.Ended || !application.Listens(world.Now))
        {
            return (new ProbeResult(false, false, "connection refused"), TimeSpan.FromMilliseconds(0.1));
        }

        if (instance.Container == PartState.Paused)
        {
            return check.Protocol == HealthCheckProtocol.Tcp
                ? (ProbeResult.Healthy, TimeSpan.FromMilliseconds(0.1))
                : (new ProbeResult(false, false, "no answer in time"), timeout);
        }

        if (world.Faults is { HasFailingProbes: true, HaveEnded: false } && world.Chance(0.03) && _spoiled.Add(endpoint))
        {
            instance.Saw(process, false, check.HealthyThreshold);
            return (new ProbeResult(false, false, "no answer in time"), timeout);
        }

        _spoiled.Remove(endpoint);
        var isHealthy = check.Protocol == HealthCheckProtocol.Tcp || application.IsWell(world.Now);
        instance.Saw(process, isHealthy, check.HealthyThreshold);
        return (isHealthy ? ProbeResult.Healthy : new ProbeResult(false, true, "answered 500"), TimeSpan.FromMilliseconds(0.2));
    }
}
