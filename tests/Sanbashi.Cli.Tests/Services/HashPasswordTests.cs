using Sanbashi.Domain.Routing;

namespace Sanbashi.Cli.Tests.Services;

public sealed class HashPasswordTests
{
    [Fact]
    public async Task HashPassword_OfTheInput_IsAValueForTheSettingWithoutThePassword()
    {
        var run = await CommandRun.Of(Built.Executable, ["svc", "hash-password", "ada"], input: "pass word\nsecond line\n");

        run.ExitCode.ShouldBe(0, run.Error);
        var value = run.Out.Trim();
        value.ShouldStartWith("ada:$pbkdf2-sha256$600000$");
        value.ShouldNotContain("pass word");
        PasswordHash.TryParse(value["ada:".Length..], out var hash, out var problem).ShouldBeTrue(problem);
        hash!.Verifies("pass word").ShouldBeTrue();
    }

    [Theory]
    [InlineData("ada", "", "No password was given")]
    [InlineData("a:b", "secret\n", "cannot be used")]
    [InlineData("a,b", "secret\n", "cannot be used")]
    public async Task HashPassword_WithoutWhatItNeeds_SaysSo(string name, string input, string message)
    {
        var run = await CommandRun.Of(Built.Executable, ["svc", "hash-password", name], input: input);

        run.ExitCode.ShouldBe(2);
        run.Error.ShouldContain(message);
        run.Out.ShouldBeEmpty();
    }
}
