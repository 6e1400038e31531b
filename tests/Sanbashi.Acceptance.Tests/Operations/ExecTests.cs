using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Operations;

public sealed class ExecTests(SharedPlatform shared)
{
    [Fact]
    public async Task Exec_OfACommand_GivesItsOutputAndExitCode()
    {
        var platform = await shared.Get();
        var service = await platform.Api.RunService("executes", await shared.Images.TestApp());

        var result = await platform.Cli("svc", "exec", service.Name, "--", "sh", "-c", "echo out; echo err >&2; exit 7");

        result.ExitCode.ShouldBe(7);
        result.Output.ShouldBe("out\n");
        result.Error.ShouldContain("err");
        (await platform.CliWithInput("fed\n", "svc", "exec", "-i", service.Name, "--", "busybox", "cat")).Output.ShouldBe("fed\n");

        // The engine's own code: older engines call everything that cannot be started 126, younger ones and Podman tell what is not there apart.
        (await platform.Cli("svc", "exec", service.Name, "--", "/no/such/program")).ExitCode.ShouldBeOneOf(126, 127);
    }
}
