using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <summary>
/// One course of events:
/// <list type="number">
/// <item>Users change services while faults strike and the control plane is killed between its steps.</item>
/// <item>The faults end, and a control plane runs again. Every operation must end within <see cref="OperationBound"/>.</item>
/// <item>What runs and what is routed must become exactly what is wanted within <see cref="SettleBound"/>.</item>
/// <item>When the previous revision's time is over, and deleted services' hour, nothing may be left of them.</item>
/// </list>
/// </summary>
internal sealed class Simulation
{
    /// <summary>The longest start time-out (5 minutes), three attempts of it, and draining and stopping after it.</summary>
    public static readonly TimeSpan OperationBound = TimeSpan.FromMinutes(20);

    /// <summary>A replacement that never becomes healthy has its start time-out, then comes the longest back-off.</summary>
    public static readonly TimeSpan SettleBound = TimeSpan.FromMinutes(15);

    /// <summary>Ten times what the busiest worlds take.</summary>
    private const int MostSteps = 150_000;

    private static readonly TimeSpan _look = TimeSpan.FromSeconds(5);

    private readonly World _world;
    private int _controlPlanes;

    private Simulation(World world)
    {
        _world = world;
    }

    public static SimulationResult Run(int seed, bool isTraced = false)
    {
        var world = new World(seed, isTraced);
        var simulation = new Simulation(world);
        try
        {
            simulation.Run();
        }
        catch (Exception failure)
        {
            world.Violate($"The simulation ended: {failure}");
        }

        return new SimulationResult(seed, world.Violation, world.Fingerprint, world.Pump.Steps, world.Trace.ToString());
    }

    private void Run()
    {
        // 1
        for (var i = 0; i < _world.Pick([1, 1, 2]); i++)
        {
            var gateway = new SimulatedGateway(_world, $"gateway {i + 1}");
            _world.Gateways.Add(gateway);
            gateway.Start();
        }

        StartControlPlane();
        var script = new Script(_world);
        script.Begin();
        new Strokes(_world).Begin();
        if (!Pass(script.End))
        {
            return;
        }

        // 2
        _world.Trace.Note($"faults end");
        _world.Faults.HaveEnded = true;
        if (!PassUntil(() => _world.ControlPlane is { IsReady: true }, Faults.LongestAbsence + TimeSpan.FromMinutes(1)))
        {
            _world.Violate($"No control plane answers {Faults.LongestAbsence} after the last fault.");
            return;
        }

        if (!PassUntil(() => _world.Invariants.Operations.All(operation => operation.HasEnded), OperationBound))
        {
            var waiting = _world.Invariants.Operations.First(operation => !operation.HasEnded);
            _world.Violate($"Operation {waiting.Id[..8]} {waiting.Type} of revision {waiting.Revision} is still {waiting.Status} {OperationBound} after the last fault.");
            return;
        }

        // 3
        var goal = new Goal(_world);
        if (!PassUntil(() => goal.Difference(isPreviousKept: true) is null, SettleBound))
        {
            _world.Violate($"{SettleBound} after the last operation: {goal.Difference(isPreviousKept: true)}");
            return;
        }

        // 4
        _world.Invariants.IsQuiet = true;
        // The longest request takes ten minutes, and an instance leaves a minute and its draining after it.
        if (Pass(TimeSpan.FromMinutes(14)) && goal.Difference(isPreviousKept: false) is { } left)
        {
            _world.Violate($"After the previous revisions' time: {left}");
        }

        if (goal.HasDeleted && _world.Chance(0.2) && Pass(TimeSpan.FromMinutes(61)) && goal.Remains() is { } remains)
        {
            _world.Violate($"After the deleted services' hour: {remains}");
        }
    }

    /// <summary>True when all went well.</summary>
    private bool Pass(TimeSpan time) => _world.Pump.RunUntil(_world.Now + time, AfterStep) && _world.Violation is null;

    private bool PassUntil(Func<bool> isReached, TimeSpan bound)
    {
        var end = _world.Now + bound;
        while (!isReached())
        {
            if (_world.Now >= end || !Pass(_look))
            {
                return _world.Violation is not null;
            }
        }

        return true;
    }

    private bool AfterStep(SimulatedProcess? process)
    {
        if (process is not null && process == _world.ControlPlane?.Process && _world.Faults.KillsControlPlane())
        {
            _world.ControlPlane!.Kill();
            _world.ControlPlane = null;
            _world.Later(_world.Faults.Absence(), StartControlPlane);
        }

        if (_world.Pump.Steps > MostSteps)
        {
            _world.Violate($"More than {MostSteps} steps: something goes round in circles.");
        }

        return _world.Violation is null;
    }

    private void StartControlPlane() => _world.ControlPlane = new ControlPlaneProcess(_world, ++_controlPlanes);
}
