using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Sanbashi.Cli.Tests.Exec;

public sealed class ExecCommandTests : IAsyncLifetime
{
    private FakePlatform _platform = null!;

    public async ValueTask InitializeAsync()
    {
        _platform = await FakePlatform.Start();
        _platform.WithService().Answer("Sanbashi.ExecuteCommand", """{"SessionId":"s1","StreamUrl":"ws://elsewhere:1/sanbashi/exec/s1"}""");
    }

    public ValueTask DisposeAsync() => _platform.DisposeAsync();

    [Fact]
    public async Task Exec_Command_HasItsOutputAndExitCode()
    {
        Serve(async socket =>
        {
            await Send(socket, 1, "to out\n");
            await Send(socket, 2, "to error\n");
            await Send(socket, 4, """{"exitCode":7}""");
        });

        var run = await _platform.Run("svc", "exec", "web", "--", "ls", "-l", "--json");

        run.ExitCode.ShouldBe(7);
        run.Out.ShouldBe("to out\n");
        run.Error.ShouldBe("to error\n");
        _platform.Input("Sanbashi.ExecuteCommand")["Command"]!.ToJsonString().ShouldBe("""["ls","-l","--json"]""");
    }

    [Fact]
    public async Task Exec_Interactive_SendsItsInputAndTheEndOfIt()
    {
        var received = new StringBuilder();
        var closed = new TaskCompletionSource();
        Serve(async socket =>
        {
            var buffer = new byte[1024];
            while (true)
            {
                var message = await socket.ReceiveAsync(buffer, CancellationToken.None);
                if (buffer[0] == 5)
                {
                    closed.SetResult();
                    break;
                }

                received.Append(Encoding.UTF8.GetString(buffer, 1, message.Count - 1));
            }

            await Send(socket, 4, """{"exitCode":0}""");
        });

        var run = await CommandRun.Of(Built.Executable, ["svc", "exec", "-i", "web", "--state", _platform.State, "--", "cat"], input: "hello");

        run.ExitCode.ShouldBe(0, run.Error);
        await closed.Task;
        received.ToString().ShouldBe("hello");
    }

    [Fact]
    public async Task Exec_CannotBeRun_EndsWith125AndTheReason()
    {
        Serve(socket => Send(socket, 4, """{"error":"exec: \"nope\": not found"}"""));

        var run = await _platform.Run("svc", "exec", "web", "--", "nope");

        run.ExitCode.ShouldBe(125);
        run.Error.ShouldContain("not found");
    }

    [Fact]
    public async Task Exec_SessionBreaks_EndsWith125()
    {
        Serve(socket => socket.CloseAsync(WebSocketCloseStatus.EndpointUnavailable, "The control plane is being stopped.", CancellationToken.None));

        var run = await _platform.Run("svc", "exec", "web", "--", "sleep", "9");

        run.ExitCode.ShouldBe(125);
        run.Error.ShouldContain("The control plane is being stopped.");
    }

    [Fact]
    public async Task Exec_TerminalWithoutOne_IsRefused()
    {
        var run = await _platform.Run("svc", "exec", "-t", "web");

        run.ExitCode.ShouldBe(ExitCodes.Usage);
        run.Error.ShouldContain("-t needs a terminal");
    }

    private void Serve(Func<WebSocket, Task> session) => _platform.Other = async context =>
    {
        context.Request.Path.Value.ShouldBe("/sanbashi/exec/s1");
        using var socket = await context.WebSockets.AcceptWebSocketAsync();
        await session(socket);
    };

    private static Task Send(WebSocket socket, byte channel, string text) =>
        socket.SendAsync(new ArraySegment<byte>([channel, .. Encoding.UTF8.GetBytes(text)]), WebSocketMessageType.Binary, true, CancellationToken.None);
}
