using System.Text;
using Sanbashi.Engines.Tests.Hosts;

namespace Sanbashi.Engines.Tests.Contract;

public abstract partial class EngineContract
{
    [Fact]
    public async Task Exec_Command_GivesBothOutputsAndExitCode()
    {
        await using var installation = Install();
        var instance = await installation.Start(installation.Spec("sleep", "1000"));

        var (exitCode, output, errors) = await installation.Run(instance, "sh", "-c", "echo out; echo err >&2; exit 7");

        (exitCode, output, errors).ShouldBe((7, "out\n", "err\n"));
    }

    [Fact]
    public async Task Exec_InputClosed_CommandSeesItsEnd()
    {
        await using var installation = Install();
        var instance = await installation.Start(installation.Spec("sleep", "1000"));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var session = await installation.Engine.Exec(
            instance.Identity.InstanceId, "main", new ExecOptions(["sh", "-c", "cat; echo $GREETING"], false, Environment: new Dictionary<string, string> { ["GREETING"] = "bye" }), deadline.Token);

        await session.Write(Encoding.UTF8.GetBytes(new string('z', 100_000)), deadline.Token);
        await session.CloseInput(deadline.Token);

        var (output, _) = await TestInstallation.ReadAll(session, deadline.Token);
        output.ShouldBe(new string('z', 100_000) + "bye\n");
        (await session.WaitForExit(deadline.Token)).ShouldBe(0);
    }

    [Fact]
    public async Task Exec_Terminal_HasTheSizeAskedForAndCanBeResized()
    {
        await using var installation = Install();
        var instance = await installation.Start(installation.Spec("sleep", "1000"));
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var session = await installation.Engine.Exec(
            instance.Identity.InstanceId, "main", new ExecOptions(["sh", "-c", "read x; stty size; read y; stty size; exit 3"], true, Rows: 31, Columns: 97), deadline.Token);

        await session.Write("\n"u8.ToArray(), deadline.Token);
        var seen = await ReadUntil(session, "31 97", deadline.Token);
        await session.Resize(12, 34, deadline.Token);
        await session.Write("\n"u8.ToArray(), deadline.Token);
        seen += await ReadUntil(session, "12 34", deadline.Token);

        (await session.WaitForExit(deadline.Token)).ShouldBe(3);
        seen.ShouldContain("31 97");
    }

    [Fact]
    public async Task Exec_UnknownCommand_EndsWithTheShellsCode()
    {
        await using var installation = Install();
        var instance = await installation.Start(installation.Spec("sleep", "1000"));

        var (exitCode, output, errors) = await installation.Run(instance, "/no/such/program");

        exitCode.ShouldBeOneOf(126, 127);
        (output + errors).ShouldContain("/no/such/program");
    }

    [Fact]
    public async Task Exec_FrozenInstance_IsRefusedWithAdvice()
    {
        await using var installation = Install();
        var instance = await installation.Start(installation.Spec("sleep", "1000"));
        await installation.Engine.FreezeInstance(instance.Identity.InstanceId, None);

        var failure = await Should.ThrowAsync<EngineException>(() => installation.Run(instance, "true"));

        failure.Failure.ShouldBe(EngineFailure.Refused);
        failure.Message.ShouldContain("Thaw");
    }

    [Fact]
    public async Task Exec_UnknownContainer_NamesThoseThatExist()
    {
        await using var installation = Install();
        var instance = await installation.Start(installation.Spec("sleep", "1000"));

        var failure = await Should.ThrowAsync<EngineException>(() => installation.Engine.Exec(instance.Identity.InstanceId, "side", new ExecOptions(["true"], false), None));

        failure.Failure.ShouldBe(EngineFailure.NotFound);
        failure.Message.ShouldContain("main");
    }

    private static async Task<string> ReadUntil(IExecSession session, string text, CancellationToken cancellationToken)
    {
        var seen = new StringBuilder();
        var buffer = new byte[4096];
        while (!seen.ToString().Contains(text, StringComparison.Ordinal) && await session.Read(buffer, cancellationToken) is { Length: > 0 } chunk)
        {
            seen.Append(Encoding.UTF8.GetString(buffer, 0, chunk.Length));
        }

        return seen.ToString();
    }
}
