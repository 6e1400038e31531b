namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <summary>Faults that strike by themselves, whatever anybody does.</summary>
internal sealed class Strokes(World world)
{
    public void Begin()
    {
        Repeat(world.Faults.HasDeaths, 5_000, 120_000, KillAnInstance);
        Repeat(world.Faults.HasBrokenStreams, 5_000, 100_000, () => world.Engine.BreakEventStreams(world.Between(100, 2000)));
        Repeat(world.Faults.HasEngineRestarts, 10_000, 300_000, RestartTheEngine);
        Repeat(world.Faults.HasGatewayCrashes, 10_000, 200_000, CrashAGateway);
        Repeat(world.Faults.HasBrokenLinks, 5_000, 100_000, () => world.Pick(world.Gateways).BreakLink());
    }

    private void Repeat(bool isWanted, double minimum, double maximum, Action stroke)
    {
        if (!isWanted)
        {
            return;
        }

        world.Later(world.Between(minimum, maximum), () =>
        {
            if (!world.Faults.HaveEnded)
            {
                stroke();
                Repeat(true, minimum, maximum, stroke);
            }
        });
    }

    private void KillAnInstance()
    {
        var running = world.Engine.Instances.Where(instance => instance.Container is PartState.Running or PartState.Paused).ToList();
        if (running.Count > 0 && world.Engine.IsUp)
        {
            world.Engine.Kill(world.Pick(running), world.Chance(0.2));
        }
    }

    private void RestartTheEngine()
    {
        if (!world.Engine.IsUp)
        {
            return;
        }

        world.Engine.GoDown(world.Chance(0.5));
        world.Later(world.Skewed(300, 20_000), world.Engine.ComeUp);
    }

    private void CrashAGateway()
    {
        var gateway = world.Pick(world.Gateways);
        if (gateway.IsUp)
        {
            gateway.Crash();
            world.Later(world.Between(200, 1000), gateway.Start);
        }
    }
}
