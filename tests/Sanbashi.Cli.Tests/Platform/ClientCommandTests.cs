using System.Text.Json.Nodes;

namespace Sanbashi.Cli.Tests.Platform;

/// <summary>The commands that point other clients at the platform.</summary>
public sealed class ClientCommandTests : IAsyncLifetime
{
    private readonly TemporaryFolder _programs = new();
    private FakePlatform _platform = null!;

    public async ValueTask InitializeAsync() => _platform = await FakePlatform.Start();

    public async ValueTask DisposeAsync()
    {
        await _platform.DisposeAsync();
        _programs.Dispose();
    }

    [Fact]
    public async Task Aws_Arguments_ArePassedOnWithTheWayToThePlatform()
    {
        Program("aws", "echo \"$@\"; echo \"$AWS_SHARED_CREDENTIALS_FILE|$AWS_ACCESS_KEY_ID|$AWS_PROFILE\"; exit 9");

        var run = await Run(["--state", _platform.State, "--region", "eu-west-1", "aws", "apprunner", "list-services", "--json", "--help"]);

        run.ExitCode.ShouldBe(9);
        run.Out.ShouldBe(
            $"--endpoint-url http://localhost:{_platform.Address.Port} --region eu-west-1 apprunner list-services --json --help\n{_platform.State}/credentials||\n");
    }

    [Fact]
    public async Task Aws_NotInstalled_SaysSo()
    {
        var run = await Run(["--state", _platform.State, "aws", "sts", "get-caller-identity"]);

        run.ExitCode.ShouldBe(ExitCodes.NotFound);
        run.Error.ShouldContain("There is no 'aws' in PATH");
    }

    [Fact]
    public async Task Env_Evaluated_SetsEverything()
    {
        Program("aws", "echo aws-cli/2.15.0 Python/3.11");
        var lines = await Run(["env", "--state", _platform.State]);

        lines.Error.ShouldBeEmpty();
        var shell = await CommandRun.Of("/bin/sh", ["-c", $"{lines.Out}\necho $AWS_ENDPOINT_URL $AWS_REGION ${{#AWS_SECRET_ACCESS_KEY}} $AWS_PROFILE"]);
        shell.Out.Trim().ShouldBe($"http://localhost:{_platform.Address.Port} local-1 40");
    }

    [Fact]
    public async Task Env_AwsIgnoresTheVariable_Warns()
    {
        Program("aws", "echo aws-cli/2.9.19 Python/3.11");

        var run = await Run(["env", "--state", _platform.State]);

        run.ExitCode.ShouldBe(0);
        run.Error.ShouldContain("sanbashi aws");
        run.Out.ShouldContain("# ");
    }

    [Fact]
    public async Task Env_Json_IsAnObject()
    {
        var run = await Run(["env", "--json", "--state", _platform.State]);

        ((string?)JsonNode.Parse(run.Out)!["AWS_REGION"]).ShouldBe("local-1");
    }

    [Fact]
    public async Task Context_RemotePlatform_IsUsedByItsKey()
    {
        _platform.WithService();
        var configuration = new Dictionary<string, string?> { ["XDG_CONFIG_HOME"] = _programs.Path };
        var credentials = Path.Combine(_platform.State, "credentials");
        async Task<CommandRun> Cli(params string[] arguments) => await CommandRun.Of(Built.Executable, arguments, configuration);

        (await Cli("context", "add", "far", $"http://127.0.0.1:{_platform.Address.Port}", "--credentials", credentials, "--region", "eu-1")).ExitCode.ShouldBe(0);
        (await Cli("context", "use", "far")).ExitCode.ShouldBe(0);
        var used = await Cli("svc", "ls", "--json");
        var listed = await Cli("context", "ls");
        (await Cli("context", "rm", "far")).ExitCode.ShouldBe(0);
        var gone = await Cli("svc", "ls", "--context", "far");

        used.ExitCode.ShouldBe(0, used.Error);
        listed.Out.ShouldContain("far");
        gone.ExitCode.ShouldBe(ExitCodes.NotFound);
        gone.Error.ShouldContain("There is no context 'far'. There are: local.");
    }

    [Fact]
    public async Task Context_OverSsh_ReadsTheKeyThereAndForwardsAPort()
    {
        // Stands in for ssh: runs commands here, and forwards by a few lines of python.
        Program("ssh", """
            while [ $# -gt 0 ]; do case $1 in -T|-N) ;; -o|-p) shift ;; -L) forward=$2; shift ;; *) break ;; esac; shift; done
            shift
            [ -z "$forward" ] && exec sh -c "$*"
            exec /usr/bin/python3 - "$forward" <<'PY'
            import socket, sys, threading
            _, port, host, target = sys.argv[1].split(":")
            def pump(a, b):
                while (data := a.recv(65536)): b.sendall(data)
                b.shutdown(socket.SHUT_WR)
            server = socket.create_server(("127.0.0.1", int(port)))
            while True:
                client, _ = server.accept()
                far = socket.create_connection((host, int(target)))
                threading.Thread(target=pump, args=(client, far), daemon=True).start()
                threading.Thread(target=pump, args=(far, client), daemon=True).start()
            PY
            """);
        _platform.WithService();
        (await Run(["context", "add", "far", "ssh://me@there:2222", "--state", _platform.State])).ExitCode.ShouldBe(0);

        var run = await Run(["svc", "ls", "--json", "--context", "far"]);

        run.ExitCode.ShouldBe(0, run.Error);
        ((string?)JsonNode.Parse(run.Out)!.AsArray().Single()!["ServiceName"]).ShouldBe("web");
    }

    [Fact]
    public async Task Context_SshFails_SaysWhatItSaid()
    {
        Program("ssh", "echo 'Permission denied (publickey).' >&2; exit 255");
        (await Run(["context", "add", "far", "ssh://me@there"])).ExitCode.ShouldBe(0);

        var run = await Run(["svc", "ls", "--context", "far"]);

        run.ExitCode.ShouldBe(ExitCodes.Unreachable);
        run.Error.ShouldContain("Permission denied (publickey).");
        run.Error.ShouldContain("ssh me@there true");
    }

    [Theory]
    [InlineData("down")]
    [InlineData("restart")]
    [InlineData("status")]
    [InlineData("backup", "x.tar.gz")]
    [InlineData("restore", "x.tar.gz")]
    public async Task CommandForThisMachine_WithAContextOfAnother_IsRefusedAndSaysHowToRunItThere(params string[] command)
    {
        (await Run(["context", "add", "far", "ssh://me@there"])).ExitCode.ShouldBe(0);
        (await Run(["context", "use", "far"])).ExitCode.ShouldBe(0);

        var run = await Run(command);

        run.ExitCode.ShouldBe(ExitCodes.Usage, run.Error);
        run.Error.ShouldContain($"ssh me@there sanbashi {command[0]}");
        run.Error.ShouldContain($"sanbashi --context local {command[0]}");
    }

    private void Program(string name, string script) =>
        File.SetUnixFileMode(_programs.File(name, "#!/bin/sh\n" + script + "\n"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

    /// <summary>Without the machine's own programs but for what a shell needs.</summary>
    private Task<CommandRun> Run(IReadOnlyList<string> arguments) => CommandRun.Of(
        Built.Executable,
        arguments,
        new Dictionary<string, string?>
        {
            ["PATH"] = _programs.Path + (arguments.Contains("aws") && !File.Exists(Path.Combine(_programs.Path, "aws")) ? "" : ":/usr/bin:/bin"),
            ["XDG_CONFIG_HOME"] = _programs.Path,
            ["AWS_ACCESS_KEY_ID"] = "from-aws",
            ["AWS_PROFILE"] = "from-aws",
        });
}
