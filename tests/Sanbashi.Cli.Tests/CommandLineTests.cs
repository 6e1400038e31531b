namespace Sanbashi.Cli.Tests;

public sealed class CommandLineTests
{
    [Theory]
    [InlineData(new[] { "aws", "s3" }, 0)]
    [InlineData(new[] { "--region", "aws", "aws", "--version" }, 2)]
    [InlineData(new[] { "--json", "aws" }, 1)]
    [InlineData(new[] { "svc", "show", "aws" }, -1)]
    [InlineData(new string[0], -1)]
    public void PositionOfAws_Arguments_IsTheCommandOnly(string[] arguments, int position) => CommandLine.PositionOfAws(arguments).ShouldBe(position);

    [Fact]
    public async Task Run_UnknownCommand_SaysWhatWasMeant()
    {
        var run = await CommandRun.Cli("svc", "craete");

        run.ExitCode.ShouldBe(ExitCodes.Usage);
        run.Out.ShouldBeEmpty();
        run.Error.ShouldContain("Did you mean 'create'?");
        run.Error.ShouldNotContain("Required command");
    }

    [Fact]
    public async Task Run_NoCommand_ShowsWhatThereIs()
    {
        var run = await CommandRun.Cli();

        run.ExitCode.ShouldBe(ExitCodes.Usage);
        (run.Out + run.Error).ShouldContain("svc");
    }

    [Fact]
    public async Task Version_Asked_IsOnStandardOutput()
    {
        var run = await CommandRun.Cli("version");

        run.ExitCode.ShouldBe(0);
        run.Out.Trim().ShouldMatch(@"^\d+\.\d+\.\d+");
    }
}
