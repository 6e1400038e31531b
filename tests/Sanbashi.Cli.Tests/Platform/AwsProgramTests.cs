using Sanbashi.Cli.Platform;

namespace Sanbashi.Cli.Tests.Platform;

public sealed class AwsProgramTests
{
    [Theory]
    [InlineData("aws-cli/2.9.19 Python/3.11.2 Linux/6.1 source/x86_64.debian.12", "2.9.19", false)]
    [InlineData("aws-cli/2.13.0 Python/3.11.4", "2.13.0", true)]
    [InlineData("aws-cli/1.28.9 Python/3.9", "1.28.9", false)]
    [InlineData("aws-cli/1.29.0 Python/3.9", "1.29.0", true)]
    public void ReadsEndpointVariable_Version_IsKnown(string text, string version, bool reads)
    {
        AwsProgram.ParseVersion(text).ShouldBe(Version.Parse(version));
        AwsProgram.ReadsEndpointVariable(Version.Parse(version)).ShouldBe(reads);
    }

    [Fact]
    public void ParseVersion_SomethingElse_IsUnknown() => AwsProgram.ParseVersion("command not found").ShouldBeNull();
}
