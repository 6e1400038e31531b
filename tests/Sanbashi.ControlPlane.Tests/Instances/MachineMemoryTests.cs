using Sanbashi.ControlPlane.Instances;

namespace Sanbashi.ControlPlane.Tests.Instances;

public sealed class MachineMemoryTests
{
    [Theory]
    [InlineData("MemAvailable:    5211380 kB", 5211380L * 1024)]
    [InlineData("MemAvailable:  many kB", null)]
    [InlineData("MemFree:  17 kB", null)]
    public void Parse_OfTheKernelsLines_IsInBytes(string line, long? bytes) => MachineMemory.Parse(["MemTotal:  24000000 kB", line]).ShouldBe(bytes);

    [Fact]
    public void Available_Here_IsKnown() => MachineMemory.Available().ShouldNotBeNull().ShouldBeGreaterThan(0);
}
