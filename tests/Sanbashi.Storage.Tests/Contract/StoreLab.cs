namespace Sanbashi.Storage.Tests.Contract;

/// <summary>One empty database, opened as often as a test wants, as several processes would.</summary>
public abstract class StoreLab : IAsyncDisposable
{
    private readonly List<IDocumentStore> _opened = [];
    private readonly TestFolder _folder = new();

    public string File(string name) => _folder.File(name);

    public async Task<IDocumentStore> Open(DocumentStoreOptions? options = null)
    {
        var store = await OpenAgain(options ?? DocumentStoreOptions.Default);
        _opened.Add(store);
        return store;
    }

    /// <summary>A store that may write.</summary>
    public async Task<IDocumentStore> OpenAsLeader(DocumentStoreOptions? options = null)
    {
        var store = await Open(options);
        await store.AcquireLease("the test", _ => { }, Deadline.Token());
        return store;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var store in _opened)
        {
            await store.DisposeAsync();
        }

        await Remove();
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    protected abstract Task<IDocumentStore> OpenAgain(DocumentStoreOptions options);

    protected virtual ValueTask Remove() => ValueTask.CompletedTask;
}

internal sealed class InMemoryLab : StoreLab
{
    private InMemoryDocumentStore? _first;

    protected override Task<IDocumentStore> OpenAgain(DocumentStoreOptions options)
    {
        var store = _first?.OpenAnother() ?? new InMemoryDocumentStore(options);
        _first ??= store;
        return Task.FromResult<IDocumentStore>(store);
    }
}

internal sealed class SqliteLab : StoreLab
{
    public string Path => File("state/store.db");

    protected override Task<IDocumentStore> OpenAgain(DocumentStoreOptions options) =>
        Task.FromResult<IDocumentStore>(SqliteDocumentStore.Open(Path, TimeProvider.System, options));
}

internal sealed class PostgresLab(string url) : StoreLab
{
    public string Url { get; } = url;

    public static async Task<PostgresLab> Create(PostgresServer server) => new(await server.CreateDatabase());

    protected override async Task<IDocumentStore> OpenAgain(DocumentStoreOptions options) =>
        await PostgresDocumentStore.Open(Url, TimeProvider.System, options, null, Deadline.Token());
}
