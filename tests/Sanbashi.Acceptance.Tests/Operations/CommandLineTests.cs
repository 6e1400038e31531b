using System.Text.Json.Nodes;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Operations;

/// <summary>The life of a service by <c>sanbashi svc</c>, with exit codes that scripts can trust.</summary>
public sealed class CommandLineTests(SharedPlatform shared)
{
    private const string Name = "by-command-line";

    [Fact]
    public async Task Service_FromCreateToDelete_IsRunByTheCommandLine()
    {
        var platform = await shared.Get();
        var image = await shared.Images.TestApp();

        (await platform.Cli("svc", "create", "--name", Name, "--image", image, "--env", "APP_VERSION=one")).ShouldSucceed();
        var shown = JsonNode.Parse((await platform.Cli("svc", "show", Name, "--json")).ShouldSucceed().Output)!;
        var host = Find(shown, "ServiceUrl");
        (await platform.Gateway.Version(host)).ShouldBe("one");
        (await platform.Cli("svc", "ls")).ShouldSucceed().Output.ShouldContain(Name);
        (await platform.Cli("svc", "status", Name)).ShouldSucceed();

        (await platform.Cli("svc", "update", Name, "--env", "APP_VERSION=two")).ShouldSucceed();
        (await platform.Gateway.Version(host)).ShouldBe("two");
        (await platform.Cli("svc", "rollback", Name)).ShouldSucceed();
        (await platform.Gateway.Version(host)).ShouldBe("one");

        await platform.Gateway.Get(host, "/log?text=seen+by+the+command+line");
        await Eventually.True(async () => (await platform.Cli("svc", "logs", Name)).ShouldSucceed().Output.Contains("seen by the command line", StringComparison.Ordinal));

        // A deployment that fails is an exit code, and tells why.
        var failed = await platform.Cli("svc", "update", Name, "--env", "EXIT_AT_START=4");
        failed.ExitCode.ShouldNotBe(0);
        (failed.Output + failed.Error).ShouldContain("exit code: 4", Case.Insensitive);
        (await platform.Gateway.Version(host)).ShouldBe("one");

        (await platform.Cli("svc", "pause", Name)).ShouldSucceed();
        (await platform.Cli("svc", "status", Name)).ExitCode.ShouldBe(1);
        (await platform.Cli("svc", "resume", Name)).ShouldSucceed();
        (await platform.Cli("svc", "delete", Name, "--yes")).ShouldSucceed();
        (await platform.Cli("svc", "show", Name)).ExitCode.ShouldNotBe(0);
    }

    private static string Find(JsonNode node, string member) => node switch
    {
        JsonObject answer when answer[member] is JsonValue value => (string)value!,
        JsonObject answer => answer.Select(child => child.Value is null ? "" : Find(child.Value, member)).FirstOrDefault(found => found.Length > 0) ?? "",
        _ => "",
    };
}
