using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <summary>Everything that outlives a control plane: clock, engine, gateways, store, and the faults that strike them.</summary>
internal sealed class World
{
    private readonly Random _random;

    public World(int seed, bool isTraced)
    {
        Seed = seed;
        _random = new Random(seed);
        Trace = new Trace(Clock, isTraced);
        Pump = new Pump(Clock, _random);
        Ids = new SequentialIds(seed);
        Faults = new Faults(this);
        Engine = new SimulatedEngine(this);
        Invariants = new Invariants(this);
    }

    public int Seed { get; }

    public VirtualClock Clock { get; } = new();

    public Trace Trace { get; }

    public Pump Pump { get; }

    public SequentialIds Ids { get; }

    public Faults Faults { get; }

    public SimulatedEngine Engine { get; }

    public Invariants Invariants { get; }

    public List<SimulatedGateway> Gateways { get; } = [];

    /// <summary>The documents themselves; every control plane opens them as another process would.</summary>
    public InMemoryDocumentStore Database { get; } = new();

    /// <summary>The control plane that runs; null while none does.</summary>
    public ControlPlaneProcess? ControlPlane { get; set; }

    /// <summary>What must never happen and has.</summary>
    public string? Violation { get; private set; }

    public TimeSpan Now => Clock.Elapsed;

    /// <summary>Differs when two runs have taken different courses.</summary>
    public long Fingerprint => HashCode.Combine(Pump.Steps, Clock.Ticks, _random.Next());

    public void Violate(string what)
    {
        Violation ??= what;
        Trace.Note($"VIOLATION {what}");
    }

    /// <summary>A step of the world, whatever processes live then.</summary>
    public void Later(TimeSpan delay, Action action) => Clock.CreateTimer(null, static action => ((Action)action!)(), action, delay, Timeout.InfiniteTimeSpan);

    /// <summary>A message to a process: lost when it has been killed meanwhile.</summary>
    public void Send(SimulatedProcess process, TimeSpan delay, Action action) =>
        Clock.CreateTimer(process, static action => ((Action)action!)(), action, delay, Timeout.InfiniteTimeSpan);

    public bool Chance(double probability) => probability > 0 && _random.NextDouble() < probability;

    public int Number(int minimum, int maximum) => _random.Next(minimum, maximum + 1);

    public TimeSpan Between(double minimumMilliseconds, double maximumMilliseconds) =>
        TimeSpan.FromMilliseconds(minimumMilliseconds + (_random.NextDouble() * (maximumMilliseconds - minimumMilliseconds)));

    /// <summary>Mostly near the minimum, now and then near the maximum.</summary>
    public TimeSpan Skewed(double minimumMilliseconds, double maximumMilliseconds)
    {
        var share = _random.NextDouble();
        return TimeSpan.FromMilliseconds(minimumMilliseconds + (share * share * share * share * (maximumMilliseconds - minimumMilliseconds)));
    }

    public T Pick<T>(IReadOnlyList<T> values) => values[_random.Next(values.Count)];
}
