using Sanbashi.Acceptance.Tests.Engine;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Bench.Scaling;

/// <summary>How fast instances are there when requests come: woken, from zero, twenty at once, and along a ramp.</summary>
internal static class ScalingBench
{
    /// <param name="plots">A folder that the plots are written to; null for none.</param>
    public static async Task<int> Run(int rounds, string? plots)
    {
        Machine.WriteHeading("Waking, starting, bursts", "bench/waking/run");
        using var engine = new EngineApi(EngineApi.DefaultAddress);
        var image = await HoldingImage.Build(engine);
        await using var platform = await Platform.Start();
        var lab = new ScalingLab(platform, engine, image);
        var isWithin = await WakeBench.Run(lab, rounds * 10, plots);
        isWithin &= await ZeroBench.Run(lab, rounds * 2);
        isWithin &= await BurstBench.Run(lab, rounds, plots);
        isWithin &= await RampBench.Run(lab, plots);
        return isWithin ? 0 : 1;
    }
}
