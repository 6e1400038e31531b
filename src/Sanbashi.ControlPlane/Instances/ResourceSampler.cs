using Microsoft.Extensions.Logging;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Instances;

/// <summary>Reads what every running instance uses, all in one go every ten seconds, and puts it on the board. Frozen instances are not asked about.</summary>
/// <param name="instances">What the engine has, from memory.</param>
public sealed class ResourceSampler(
    IContainerEngine engine, Func<IReadOnlyCollection<EngineInstance>> instances, ResourceBoard board, TimeProvider time, ILogger<ResourceSampler> logger)
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private IReadOnlyDictionary<string, ResourceReading> _before = new Dictionary<string, ResourceReading>();
    private bool _isFailing;

    /// <summary>Runs until cancelled, which it answers by ending.</summary>
    public async Task Run(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                await Sample(cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to stop.
        }
    }

    /// <summary>One round.</summary>
    public async Task Sample(CancellationToken cancellationToken)
    {
        var running = instances().Where(instance => instance.State == EngineInstanceState.Running).Select(instance => instance.Identity).ToList();
        try
        {
            var readings = running.Count == 0
                ? new Dictionary<string, ResourceReading>()
                : await engine.ReadResources([.. running.Select(identity => identity.InstanceId)], cancellationToken);
            var now = time.GetUtcNow();
            var samples = readings.ToDictionary(pair => pair.Key, pair => Compare(now, _before.GetValueOrDefault(pair.Key), pair.Value), StringComparer.Ordinal);
            _before = readings;
            _isFailing = false;
            board.Replace(samples, [.. running.Where(identity => samples.ContainsKey(identity.InstanceId)).Select(identity => identity.ServiceId).Distinct()]);
        }
        catch (EngineException failure)
        {
            // The board keeps what it has; the engine's absence is told by whoever watches it.
            if (!_isFailing)
            {
                ResourceLog.NotRead(logger, failure.Message);
            }

            _isFailing = true;
        }
    }

    private ResourceSample Compare(DateTimeOffset now, ResourceReading? before, ResourceReading reading)
    {
        var memory = reading.MemoryBytes / (double)Math.Max(1, reading.MemoryLimitBytes);
        var passed = before is null ? TimeSpan.Zero : time.GetElapsedTime(before.Timestamp, reading.Timestamp);
        if (passed <= TimeSpan.Zero || reading.CpuTime < before!.CpuTime)
        {
            return new ResourceSample(now, null, null, reading.MemoryBytes, memory) { CpuTime = reading.CpuTime };
        }

        var cores = (reading.CpuTime - before.CpuTime) / passed;
        return new ResourceSample(now, cores, cores / reading.CpuLimit, reading.MemoryBytes, memory) { CpuTime = reading.CpuTime };
    }
}
