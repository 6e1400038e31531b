namespace Sanbashi.Cli.Tests.Completion;

public sealed class CompletionTests
{
    [Fact]
    public async Task Bash_ServiceName_IsCompletedFromThePlatform()
    {
        await using var platform = await FakePlatform.Start();
        platform.WithService();

        (await Complete(platform, "sanbashi svc show w")).ShouldBe("web");
    }

    [Fact]
    public async Task Bash_Command_IsCompleted()
    {
        await using var platform = await FakePlatform.Start();

        (await Complete(platform, "sanbashi svc rev")).ShouldBe("revisions");
    }

    [Theory]
    [InlineData("sanbashi svc show w", "web")]
    [InlineData("sanbashi svc rev", "revisions")]
    [InlineData("echo; sanbashi svc update web --env-", "--env-file")]
    public async Task Fish_Line_IsCompleted(string line, string expected)
    {
        const string Fish = "/usr/bin/fish";
        Assert.SkipUnless(File.Exists(Fish), $"{Fish} is not installed (Debian package fish).");
        await using var platform = await FakePlatform.Start();
        platform.WithService();

        var script = $"set PATH {Path.GetDirectoryName(Built.Executable)} $PATH; sanbashi completion fish | source; complete -C '{line}'";
        var run = await CommandRun.Of(Fish, ["--no-config", "-c", script], new Dictionary<string, string?> { ["SANBASHI_STATE"] = platform.State });

        run.Out.Trim().ShouldBe(expected, run.Error);
    }

    [Fact]
    public async Task Zsh_Script_IsPrinted()
    {
        var run = await CommandRun.Cli("completion", "zsh");

        run.ExitCode.ShouldBe(0);
        run.Out.ShouldContain("[suggest:");
    }

    private static async Task<string> Complete(FakePlatform platform, string line)
    {
        var script = $"""
            PATH={Path.GetDirectoryName(Built.Executable)}:$PATH
            eval "$(sanbashi completion bash)"
            COMP_LINE='{line}' COMP_POINT={line.Length} COMP_WORDS=({line}) COMP_CWORD={line.Split(' ').Length - 1}
            _sanbashi
            echo "$COMPREPLY"
            """;
        var run = await CommandRun.Of("/bin/bash", ["-c", script], new Dictionary<string, string?> { ["SANBASHI_STATE"] = platform.State });
        return run.Out.Trim();
    }
}
