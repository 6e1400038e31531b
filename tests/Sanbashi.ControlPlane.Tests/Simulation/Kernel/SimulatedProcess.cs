namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <summary>
/// One process of the simulated world, as the synchronisation context of everything that runs in it: each continuation is a step of the pump, and between
/// any two steps the process may be killed. What it had awaited then never goes on, as after SIGKILL.
/// </summary>
internal sealed class SimulatedProcess(Pump pump, string name) : SynchronizationContext
{
    public string Name => name;

    public bool IsAlive { get; private set; } = true;

    /// <summary>Nothing of the process runs any more. Must not be called by the process itself.</summary>
    public void Kill() => IsAlive = false;

    /// <summary>Runs it as a step of its own.</summary>
    public void Post(Action action) => Post(static action => ((Action)action!)(), action);

    public override void Post(SendOrPostCallback d, object? state) => pump.Post(this, d, state);

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("A simulated process has one thread; nothing can wait for it.");

    public override SynchronizationContext CreateCopy() => this;
}
