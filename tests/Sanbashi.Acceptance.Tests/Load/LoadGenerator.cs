namespace Sanbashi.Acceptance.Tests.Load;

/// <summary>Clients of every kind that keep one service busy until told to stop. Their failures are counted, never thrown.</summary>
internal sealed class LoadGenerator : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _clients = [];

    private LoadGenerator(Uri gateway, string host, LoadOptions options)
    {
        Add(options.KeepAliveClients, () => new RequestClient(gateway, host, "/", "keep-alive", options.Pace, Report));
        Add(options.SlowClients, () => new RequestClient(gateway, host, "/slow?ms=300", "slow", options.Pace, Report));
        Add(options.UploadClients, () => new UploadClient(gateway, host, Report));
        Add(options.EventStreamClients, () => new EventStreamClient(gateway, host, Report));
        Add(options.WebSocketClients, () => new WebSocketClient(gateway, host, Report));
    }

    public LoadReport Report { get; } = new();

    /// <summary>Starts all clients and returns when each kind has had an answer.</summary>
    /// <param name="gateway">Where connections go.</param>
    /// <param name="host">What they send as Host.</param>
    public static async Task<LoadGenerator> Start(string gateway, string host, LoadOptions? options = null)
    {
        options ??= new LoadOptions();
        var generator = new LoadGenerator(new Uri($"http://{gateway}"), host, options);
        (string Kind, int Clients)[] kinds =
        [
            ("keep-alive", options.KeepAliveClients), ("slow", options.SlowClients), ("upload", options.UploadClients),
            ("event-stream", options.EventStreamClients), ("websocket", options.WebSocketClients),
        ];
        await Eventually.Get(
            () => Task.FromResult(generator.Report),
            report => report.Failures.Count > 0 || kinds.All(kind => kind.Clients == 0 || report.Of(kind.Kind) > 0));
        return generator;
    }

    /// <summary>Waits until this many more exchanges have succeeded: the load has gone on.</summary>
    public Task GoOn(int exchanges)
    {
        var until = Report.Requests + exchanges;
        return Eventually.Get(() => Task.FromResult(Report), report => report.Requests >= until);
    }

    /// <summary>Lets every client finish its present exchange.</summary>
    public async Task<LoadReport> Stop()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_clients).WaitAsync(Eventually.Deadline);
        return Report;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _stop.Dispose();
    }

    private void Add(int count, Func<LoadClient> make)
    {
        for (var i = 0; i < count; i++)
        {
            var client = make();
            _clients.Add(Task.Run(() => client.Run(_stop.Token)));
        }
    }
}
