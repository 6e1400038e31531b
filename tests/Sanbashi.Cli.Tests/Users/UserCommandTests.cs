using Microsoft.AspNetCore.Http;

namespace Sanbashi.Cli.Tests.Users;

public sealed class UserCommandTests : IAsyncLifetime
{
    private readonly TemporaryFolder _home = new();
    private readonly List<string> _actions = [];
    private FakePlatform _platform = null!;

    private string CredentialsFile => Path.Combine(_home.Path, "aws", "credentials");

    public async ValueTask InitializeAsync()
    {
        _platform = await FakePlatform.Start();
        _platform.Other = Serve;
    }

    public async ValueTask DisposeAsync()
    {
        await _platform.DisposeAsync();
        _home.Dispose();
    }

    [Fact]
    public async Task Create_Admin_AttachesThePolicyAndWritesTheKeyToAProfile()
    {
        var run = await Run("user", "create", "ann", "--admin", "--policy", "ReadOnlyAccess");

        run.ExitCode.ShouldBe(0, run.Error);
        run.Out.ShouldContain("AKSBTEST");
        run.Out.ShouldNotContain("the-secret");
        _actions.ShouldBe(["CreateUser", "AttachUserPolicy arn:aws:iam::aws:policy/AdministratorAccess", "AttachUserPolicy arn:aws:iam::aws:policy/ReadOnlyAccess", "CreateAccessKey"]);
        File.ReadAllText(CredentialsFile).ShouldBe("[ann]\naws_access_key_id = AKSBTEST\naws_secret_access_key = the-secret\n");
        File.GetUnixFileMode(CredentialsFile).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Create_ProfileIsThere_MakesNothing()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(CredentialsFile)!);
        File.WriteAllText(CredentialsFile, "[ann]\naws_access_key_id = OLD");

        var run = await Run("user", "create", "ann");

        run.ExitCode.ShouldBe(5);
        run.Error.ShouldContain("--profile");
        _actions.ShouldBeEmpty();
        (await Run("user", "create", "ann", "--profile", "other")).ExitCode.ShouldBe(0);
        File.ReadAllText(CredentialsFile).ShouldBe("[ann]\naws_access_key_id = OLD\n[other]\naws_access_key_id = AKSBTEST\naws_secret_access_key = the-secret\n");
    }

    private Task<CommandRun> Run(params string[] arguments) =>
        CommandRun.Of(Built.Executable, [.. arguments, "--state", _platform.State], new Dictionary<string, string?> { ["AWS_SHARED_CREDENTIALS_FILE"] = CredentialsFile });

    private async Task Serve(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        _actions.Add($"{form["Action"]} {form["PolicyArn"]}".Trim());
        await context.Response.WriteAsync("<R><AccessKey><AccessKeyId>AKSBTEST</AccessKeyId><SecretAccessKey>the-secret</SecretAccessKey></AccessKey></R>");
    }
}
