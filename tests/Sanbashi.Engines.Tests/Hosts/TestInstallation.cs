using Sanbashi.Domain.Workloads;

namespace Sanbashi.Engines.Tests.Hosts;

/// <summary>An installation of its own in an engine; everything that it made is removed at the end.</summary>
internal sealed class TestInstallation : IAsyncDisposable
{
    private readonly EngineHost _host;

    public TestInstallation(EngineHost host, Func<DockerEngineOptions, DockerEngineOptions>? configure = null)
    {
        _host = host;
        Id = Guid.NewGuid().ToString("n");
        Engine = Engines.Connect(host.RequireSocket(), Id, configure);
    }

    public string Id { get; }

    public DockerEngine Engine { get; }

    public static InstanceIdentity NewIdentity(string service = "web") => new(Guid.NewGuid().ToString("n"), Guid.NewGuid().ToString("n"), service, 1);

    public ContainerSpec Container(string name, params string[] command) => new() { Name = name, Image = _host.Image, Command = command };

    public InstanceSpec Spec(params string[] command) => new()
    {
        Containers = [Container(ContainerSpec.Main, command)],
        Size = new InstanceSize(256, 64),
        Port = 8080,
    };

    public InstanceSpec Web() => Spec("httpd", "-f", "-p", "8080", "-h", "/www");

    public Task<EngineInstance> Start(InstanceSpec spec) => Engine.StartInstance(NewIdentity(), spec, CancellationToken.None);

    public async Task<List<LogLine>> Logs(EngineInstance instance, LogCursor? after = null, bool follow = true, string container = ContainerSpec.Main)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var lines = new List<LogLine>();
        await foreach (var line in Engine.ReadLogs(instance.Identity.InstanceId, container, after, follow, deadline.Token))
        {
            lines.Add(line);
        }

        return lines;
    }

    /// <summary>Runs a command and answers its exit code and both outputs.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> Run(EngineInstance instance, params string[] command)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var session = await Engine.Exec(instance.Identity.InstanceId, ContainerSpec.Main, new ExecOptions(command, Terminal: false), deadline.Token);
        await session.CloseInput(deadline.Token);
        var (output, errors) = await ReadAll(session, deadline.Token);
        return (await session.WaitForExit(deadline.Token), output, errors);
    }

    public static async Task<(string Output, string Errors)> ReadAll(IExecSession session, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        using var errors = new MemoryStream();
        var buffer = new byte[4096];
        while (await session.Read(buffer, cancellationToken) is { Length: > 0 } chunk)
        {
            (chunk.IsError ? errors : output).Write(buffer, 0, chunk.Length);
        }

        return (System.Text.Encoding.UTF8.GetString(output.ToArray()), System.Text.Encoding.UTF8.GetString(errors.ToArray()));
    }

    public async Task<string> Get(EngineInstance instance, string path = "/index.html")
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(5) };
        var answer = "";
        await Eventually.Is(
            async () =>
            {
                try
                {
                    answer = await http.GetStringAsync(new Uri($"http://{instance.Endpoint}{path}"));
                    return true;
                }
                catch (HttpRequestException)
                {
                    return false;
                }
            },
            $"an answer at {instance.Endpoint}");
        return answer;
    }

    public async Task<EngineInstance> WaitFor(EngineInstance instance, EngineInstanceState state)
    {
        EngineInstance? seen = null;
        await Eventually.Is(
            async () => (seen = await Engine.FindInstance(instance.Identity.InstanceId, CancellationToken.None))?.State == state, $"instance is {state}");
        return seen!;
    }

    public async ValueTask DisposeAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await Engine.RemoveEverything(deadline.Token);
        await Engine.DisposeAsync();
    }
}
