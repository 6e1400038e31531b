using System.Net.WebSockets;
using System.Text;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Workloads;
using Sanbashi.Engines;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Tests.Api;

public sealed class ExecTests : IAsyncLifetime
{
    private readonly ApiHost _host = new();
    private readonly CancellationToken _cancelled = TestContext.Current.CancellationToken;
    private readonly FakeExecSession _session = new();
    private ApiClient _client = null!;
    private ExecOptions? _started;
    private string _arn = null!;

    public async ValueTask InitializeAsync()
    {
        await _host.InitializeAsync();
        _client = _host.NewRegion();
        _arn = await _client.CreateRunning("exec");
        _host.Engine.OnExec = options =>
        {
            _started = options;
            return _session;
        };
        See(Instance("aaaa", InstancePhase.Running));
        _host.Engine.Instance = new EngineInstance
        {
            Identity = new InstanceIdentity("aaaa", ApiClient.Id(_arn), "exec", 1),
            State = EngineInstanceState.Running,
            Containers = [new EngineContainer("main", EngineContainerState.Running, null, false, null, null, null)],
        };
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Session_InputAndOutput_GoThroughUntilTheExitCode()
    {
        using var socket = await Open("""{"Command":["cat","-u"],"Interactive":true,"Rows":50}""");

        await Send(socket, 0, "hello");
        (await Receive(socket)).ShouldBe((1, "hello"));
        (await Receive(socket)).ShouldBe((2, "HELLO"));
        await Send(socket, 3, """{"rows":30,"columns":120}""");
        await Send(socket, 3, """{"rows":0,"columns":120}""");
        await Send(socket, 3, "nonsense");
        await Send(socket, 9, "an unknown channel");
        await Send(socket, 5, "");
        (await Receive(socket)).ShouldBe((4, """{"exitCode":7}"""));
        (await Receive(socket)).Channel.ShouldBe(-1);
        socket.CloseStatus.ShouldBe(WebSocketCloseStatus.NormalClosure);

        _started!.Command.ShouldBe(["cat", "-u"]);
        _started.ShouldSatisfyAllConditions(
            options => options.Terminal.ShouldBeTrue(), options => options.Rows.ShouldBe(50), options => options.Columns.ShouldBe(80));
        _session.Sizes.ShouldBe([(30, 120)]);
        await _session.Disposed.Task.WaitAsync(TimeSpan.FromSeconds(10), _cancelled);
        _host.Log.Events(ApiClient.Id(_arn)).ShouldHaveSingleItem().ShouldBe("A command was started in container main of instance aaaa.");
    }

    [Fact]
    public async Task Session_MessageInPieces_ArrivesWhole()
    {
        using var socket = await Open("""{"Command":["cat"]}""");

        await socket.SendAsync(new byte[] { 0 }, WebSocketMessageType.Binary, endOfMessage: false, _cancelled);
        await socket.SendAsync(Encoding.UTF8.GetBytes("ab"), WebSocketMessageType.Binary, endOfMessage: false, _cancelled);
        await socket.SendAsync(Encoding.UTF8.GetBytes("c"), WebSocketMessageType.Binary, endOfMessage: true, _cancelled);

        var output = new StringBuilder();
        while (output.Length < 3)
        {
            var (channel, text) = await Receive(socket);
            output.Append(channel == 1 ? text : "");
        }

        output.ToString().ShouldBe("abc");
    }

    [Fact]
    public async Task Session_ClientGoes_ClosesTheCommandsInput()
    {
        using (var socket = await Open("""{"Command":["cat"]}"""))
        {
            await Send(socket, 0, "x");
            await Receive(socket);
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _cancelled);
        }

        await _session.InputClosed.Task.WaitAsync(TimeSpan.FromSeconds(10), _cancelled);
        await _session.Disposed.Task.WaitAsync(TimeSpan.FromSeconds(10), _cancelled);
    }

    [Fact]
    public async Task Session_ControlPlaneStops_SaysSo()
    {
        using var socket = await Open("""{"Command":["cat"]}""");
        await Send(socket, 0, "x");
        await Receive(socket);
        await Receive(socket);

        var stopping = _host.Stop();
        (await Receive(socket)).Channel.ShouldBe(-1);
        socket.CloseStatus.ShouldBe(WebSocketCloseStatus.EndpointUnavailable);
        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, _cancelled);
        await stopping;
    }

    [Fact]
    public async Task Session_EngineRefuses_SaysWhy()
    {
        var url = await Start("""{"Command":["sh"]}""");
        _host.Engine.Failure = new EngineException(EngineFailure.CannotStart, "There is no sh in the image.");

        using var socket = await Connect(url);

        (await Receive(socket)).ShouldBe((4, """{"error":"There is no sh in the image."}"""));
    }

    [Fact]
    public async Task Session_FrozenInstanceByName_IsThawedFirst()
    {
        See(Instance("aaaa", InstancePhase.Frozen) with { Revision = 7 });
        (await Refused("""{"Command":["sh"]}""", "InvalidStateException")).ShouldContain("no running instance");

        using var socket = await Open("""{"Command":["cat"],"InstanceId":"aaaa"}""");
        await Send(socket, 0, "x");
        await Receive(socket);

        _host.Engine.Thawed.ShouldBe(["aaaa"]);
    }

    [Fact]
    public async Task Session_ServiceThatSleeps_ThawsItsInstance()
    {
        See(Instance("aaaa", InstancePhase.Frozen));

        using var socket = await Open("""{"Command":["cat"]}""");
        await Send(socket, 0, "x");
        await Receive(socket);

        _host.Engine.Thawed.ShouldBe(["aaaa"]);
    }

    [Fact]
    public async Task Session_WhileItRuns_KeepsTheInstanceFromBeingFrozen()
    {
        See(Instance("aaaa", InstancePhase.Frozen));
        var over = new TaskCompletionSource();
        _host.Instances.OnUnused = over.SetResult;

        var socket = await Open("""{"Command":["cat"],"InstanceId":"aaaa"}""");
        await Send(socket, 0, "x");
        await Receive(socket);

        _host.Instances.Uses.IsUsed("aaaa").ShouldBeTrue();
        socket.Dispose();
        await over.Task.WaitAsync(TimeSpan.FromSeconds(30), _cancelled);
        _host.Instances.Uses.IsUsed("aaaa").ShouldBeFalse();
    }

    [Fact]
    public async Task Session_UsedOrLate_IsGone()
    {
        var url = await Start("""{"Command":["cat"]}""");
        using (await Connect(url))
        {
            (await Should.ThrowAsync<WebSocketException>(() => Connect(url))).Message.ShouldContain("404");
        }

        var late = await Start("""{"Command":["cat"]}""");
        _host.Time.Advance(TimeSpan.FromSeconds(61));
        (await Should.ThrowAsync<WebSocketException>(() => Connect(late))).Message.ShouldContain("404");
        (await Should.ThrowAsync<WebSocketException>(() => Connect(new Uri(late, "/sanbashi/exec/guess")))).Message.ShouldContain("404");
    }

    [Fact]
    public async Task Session_WithoutWebSocket_SaysWhatItIs()
    {
        var url = await Start("""{"Command":["cat"]}""");

        using var response = await _host.Http.GetAsync(new UriBuilder(url) { Scheme = "http" }.Uri, _cancelled);

        ((int)response.StatusCode).ShouldBe(426);
        (await response.Content.ReadAsStringAsync(_cancelled)).ShouldContain("WebSocket only");
        (await Connect(url)).Dispose();
    }

    [Fact]
    public async Task Sessions_TooMany_AreRefusedUntilSomeExpire()
    {
        for (var i = 0; i < 64; i++)
        {
            await Start("""{"Command":["cat"]}""");
        }

        (await Refused("""{"Command":["cat"]}""", "InvalidStateException")).ShouldContain("64 commands");
        _host.Time.Advance(TimeSpan.FromSeconds(61));
        await Start("""{"Command":["cat"]}""");
    }

    [Fact]
    public async Task ExecuteCommand_Instance_IsTheNewestHealthyOne()
    {
        See(
            Instance("cccc", InstancePhase.Running) with { Revision = 3, Health = HealthState.Unproven },
            Instance("bbbb", InstancePhase.Running) with { Revision = 2 },
            Instance("aaaa", InstancePhase.Running));

        using var socket = await Open("""{"Command":["cat"]}""");
        await Send(socket, 0, "x");
        await Receive(socket);

        _host.Log.Events(ApiClient.Id(_arn)).ShouldHaveSingleItem().ShouldContain("instance bbbb");
    }

    [Fact]
    public async Task ExecuteCommand_WhereItCannot_SaysWhy()
    {
        (await Refused("""{"Command":["sh"],"InstanceId":"zzzz"}""", "ResourceNotFoundException")).ShouldContain("no instance zzzz");
        (await Refused("""{"Command":["sh"],"ContainerName":"sidecar"}""", "InvalidRequestException")).ShouldContain("It has main");
        (await Refused("""{"Command":[]}""", "InvalidRequestException")).ShouldContain("command");
        See(Instance("aaaa", InstancePhase.Stopping));
        (await Refused("""{"Command":["sh"],"InstanceId":"aaaa"}""", "InvalidStateException")).ShouldContain("it is STOPPING");
        See(Instance("aaaa", InstancePhase.Running));
        _host.Engine.Instance = null;
        (await Refused("""{"Command":["sh"]}""", "ResourceNotFoundException")).ShouldContain("has just ended");
    }

    private static ObservedInstance Instance(string id, InstancePhase phase) => new()
    {
        Id = id,
        Revision = 1,
        Phase = phase,
        StartedAt = DateTimeOffset.UnixEpoch,
        Health = new HealthState { Status = HealthStatus.Healthy },
    };

    private void See(params ObservedInstance[] instances) => _host.Instances.ByService[ApiClient.Id(_arn)] = instances;

    /// <summary>The session's address, on the port this host has.</summary>
    private async Task<Uri> Start(string input)
    {
        var answer = await _client.Extension("ExecuteCommand", ApiClient.Named(_arn, input));
        var url = new Uri(answer.Text("StreamUrl"));
        url.ToString().ShouldBe($"ws://127.0.0.1:4600/sanbashi/exec/{answer.Text("SessionId")}");
        answer.Text("SessionId").ShouldMatch(@"\A[0-9a-f]{64}\z");
        return new UriBuilder(url) { Port = _host.Endpoint.Port }.Uri;
    }

    private async Task<ClientWebSocket> Connect(Uri url)
    {
        var socket = new ClientWebSocket();
        await socket.ConnectAsync(url, _cancelled);
        return socket;
    }

    private async Task<ClientWebSocket> Open(string input) => await Connect(await Start(input));

    private async Task<string> Refused(string input, string code)
    {
        var error = await Should.ThrowAsync<ApiException>(() => _client.Extension("ExecuteCommand", ApiClient.Named(_arn, input)));
        error.Code.ShouldBe(code, error.Message);
        return error.Message;
    }

    private Task Send(ClientWebSocket socket, byte channel, string content) =>
        socket.SendAsync((byte[])[channel, .. Encoding.UTF8.GetBytes(content)], WebSocketMessageType.Binary, endOfMessage: true, _cancelled);

    /// <summary>One message; channel -1 when the session is closed.</summary>
    private async Task<(int Channel, string Content)> Receive(ClientWebSocket socket)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(_cancelled);
        deadline.CancelAfter(TimeSpan.FromSeconds(20));
        var buffer = new byte[64 * 1024];
        var received = await socket.ReceiveAsync(buffer, deadline.Token);
        return received.MessageType == WebSocketMessageType.Close ? (-1, "") : (buffer[0], Encoding.UTF8.GetString(buffer, 1, received.Count - 1));
    }
}
