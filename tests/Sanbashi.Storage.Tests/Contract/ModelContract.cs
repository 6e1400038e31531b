using Sanbashi.Domain.Identity;

namespace Sanbashi.Storage.Tests.Contract;

/// <summary>Random commits and queries, compared with a plain dictionary after each step. A failure names its seed.</summary>
public abstract class ModelContract : IAsyncLifetime
{
    private StoreLab? _lab;

    public async ValueTask InitializeAsync() => _lab = await CreateLab();

    public async ValueTask DisposeAsync()
    {
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    protected abstract Task<StoreLab> CreateLab();

    [Theory]
    [InlineData(1)]
    [InlineData(20260502)]
    [InlineData(-77)]
    public async Task RandomCommits_ComparedWithAModel_AreAlike(int seed)
    {
        var random = new Random(seed);
        var store = await _lab!.OpenAsLeader();
        var model = new Model();
        for (var step = 0; step < 150; step++)
        {
            var writes = Enumerable.Range(0, random.Next(1, 4)).Select(_ => RandomWrite(random, model)).ToArray();

            var result = await store.Commit(writes, default);

            result.ShouldBe(model.Commit(writes), $"seed {seed}, step {step}: {string.Join(" ", writes.Select(w => w.ToString()))}");
            var query = RandomQuery(random, model);
            (await store.Query(query, default)).ShouldBe(model.Query(query), $"seed {seed}, step {step}: {query}");
        }

        (await store.Watch(0, default).Take(model.Changes.Count)).ShouldBe(model.Changes);
    }

    private static DocumentWrite RandomWrite(Random random, Model model)
    {
        var key = new DocumentKey(Pick(random, "service", "revision"), new ResourceScope("1", Pick(random, "r1", "r2")), Pick(random, "a", "b", "c", "d"));
        var current = model.VersionOf(key);
        long? expected = random.Next(4) switch { 0 => null, 1 => random.Next(0, 4), _ => current };
        if (random.Next(5) == 0)
        {
            return new DocumentWrite(key, expected, null);
        }

        var name = random.Next(3) == 0 ? null : Pick(random, "n1", "n2", "n3", "n4");
        return new DocumentWrite(key, expected, $"{random.Next()}", name, random.Next(2) == 0 ? null : Pick(random, "p1", "p2")) { UniqueName = name is not null && random.Next(2) == 0 };
    }

    private static DocumentQuery RandomQuery(Random random, Model model) => new(Pick(random, "service", "revision"))
    {
        Scope = random.Next(2) == 0 ? null : new ResourceScope("1", Pick(random, "r1", "r2")),
        Name = random.Next(3) == 0 ? Pick(random, "n1", "n2") : null,
        Parent = random.Next(3) == 0 ? Pick(random, "p1", "p2") : null,
        NewestFirst = random.Next(2) == 0,
        AfterCreated = random.Next(3) == 0 ? random.Next(0, model.Changes.Count + 2) : null,
        Limit = random.Next(3) == 0 ? random.Next(0, 4) : null,
    };

    private static string Pick(Random random, params string[] values) => values[random.Next(values.Length)];

    /// <summary>What the contract says, as simply as it can be said.</summary>
    private sealed class Model
    {
        private List<Document> _documents = [];

        public List<DocumentChange> Changes { get; } = [];

        public long VersionOf(DocumentKey key) => _documents.SingleOrDefault(d => d.Key == key)?.Version ?? 0;

        public CommitResult Commit(IReadOnlyList<DocumentWrite> writes)
        {
            var documents = _documents.ToList();
            var changes = new List<DocumentChange>();
            foreach (var write in writes)
            {
                var current = documents.SingleOrDefault(d => d.Key == write.Key);
                var isNameTaken = write is { UniqueName: true, Body: not null }
                    && documents.Any(d => d.Key != write.Key && d.Key.Kind == write.Key.Kind && d.Key.Scope == write.Key.Scope && d.Name == write.Name);
                if ((write.ExpectedVersion is { } expected && expected != (current?.Version ?? 0)) || isNameTaken)
                {
                    return CommitResult.Conflict;
                }

                if (write.Body is null && current is null)
                {
                    continue;
                }

                var sequence = Changes.Count + changes.Count + 1;
                documents.RemoveAll(d => d.Key == write.Key);
                if (write.Body is not null)
                {
                    documents.Add(new Document(write.Key, write.Name, write.Parent, (current?.Version ?? 0) + 1, current?.CreatedSequence ?? sequence, write.Body));
                }

                changes.Add(new DocumentChange(sequence, write.Key, write.Body is null));
            }

            _documents = documents;
            Changes.AddRange(changes);
            return CommitResult.Committed;
        }

        public IReadOnlyList<Document> Query(DocumentQuery query)
        {
            var matching = _documents.Where(d => d.Key.Kind == query.Kind
                && (query.Scope is null || d.Key.Scope == query.Scope)
                && (query.Name is null || d.Name == query.Name)
                && (query.Parent is null || d.Parent == query.Parent)
                && (query.AfterCreated is not { } after || (query.NewestFirst ? d.CreatedSequence < after : d.CreatedSequence > after)));
            var ordered = query.NewestFirst ? matching.OrderByDescending(d => d.CreatedSequence) : matching.OrderBy(d => d.CreatedSequence);
            return [.. ordered.Take(query.Limit ?? int.MaxValue)];
        }
    }
}
