using Sanbashi.Cli.Services.Definition;

namespace Sanbashi.Cli.Tests.Services;

public sealed class SizesTests
{
    [Theory]
    [InlineData("0.25", "0.25 vCPU")]
    [InlineData("1", "1 vCPU")]
    [InlineData("2 vCPU", "2 vCPU")]
    [InlineData("2vcpu", "2 vCPU")]
    [InlineData("256", "256")]
    [InlineData("many", "many")]
    public void Cpu_Text_IsInTheFormOfTheApi(string text, string expected) => Sizes.Cpu(text).ShouldBe(expected);

    [Theory]
    [InlineData("0.5", "0.5 GB")]
    [InlineData("2", "2 GB")]
    [InlineData("2g", "2 GB")]
    [InlineData("2 GB", "2 GB")]
    [InlineData("512", "512")]
    [InlineData("512m", "512")]
    [InlineData("512MB", "512")]
    [InlineData("lots", "lots")]
    public void Memory_Text_IsInTheFormOfTheApi(string text, string expected) => Sizes.Memory(text).ShouldBe(expected);
}
