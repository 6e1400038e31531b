using Sanbashi.Domain.Identity;

namespace Sanbashi.Storage;

/// <summary>What the stores of one <see cref="InMemoryDocumentStore"/> family share, as processes share a database. Callers hold <see cref="Gate"/>.</summary>
internal sealed class InMemoryDatabase(DocumentStoreOptions options) : ICommittedDocuments
{
    private readonly Dictionary<DocumentKey, Document> _documents = [];
    private readonly Dictionary<string, SortedList<long, Document>> _byKind = [];
    private readonly List<DocumentChange> _changes = [];

    public Lock Gate { get; } = new();

    // Continuations run inside Commit and in order: a simulation with one seed must always take one path.
    public ChangeSignal Changed { get; } = new(TaskCreationOptions.None);

    public LinkedList<InMemoryWaiter> Waiters { get; } = [];

    public StoreLease? Holder { get; set; }

    public long FencingNumber { get; set; }

    public long Sequence { get; private set; }

    public long TrimmedSequence { get; private set; }

    public int Count => _documents.Count;

    public Document? Find(DocumentKey key) => _documents.GetValueOrDefault(key);

    public IReadOnlyList<DocumentKey> FindByName(string kind, ResourceScope scope, string name) =>
        [.. Query(new DocumentQuery(kind) { Scope = scope, Name = name }).Select(d => d.Key)];

    public IReadOnlyList<Document> Query(DocumentQuery query)
    {
        if (!_byKind.TryGetValue(query.Kind, out var ofKind))
        {
            return [];
        }

        var ordered = query.NewestFirst ? ofKind.Values.Reverse() : ofKind.Values;
        var matching = ordered.Where(d =>
            (query.Scope is null || d.Key.Scope == query.Scope)
            && (query.Name is null || d.Name == query.Name)
            && (query.Parent is null || d.Parent == query.Parent)
            && (query.AfterCreated is not { } after || (query.NewestFirst ? d.CreatedSequence < after : d.CreatedSequence > after)));
        return [.. query.Limit is { } limit ? matching.Take(limit) : matching];
    }

    public IReadOnlyList<Document> All() => [.. _documents.Values.OrderBy(d => d.CreatedSequence)];

    public void Apply(CommitBatch batch)
    {
        foreach (var write in batch.Applied)
        {
            Put(write.Key, write.Document);
            _changes.Add(write.Change);
        }

        Sequence = batch.Sequence;
        if (options.ShouldTrim(Sequence, TrimmedSequence))
        {
            var keptAfter = Sequence - options.KeptChanges;
            _changes.RemoveRange(0, (int)(keptAfter - TrimmedSequence));
            TrimmedSequence = keptAfter;
        }
    }

    public void Load(IEnumerable<Document> documents, long sequence)
    {
        foreach (var document in documents)
        {
            Put(document.Key, document);
        }

        Sequence = Math.Max(Sequence, sequence);
        TrimmedSequence = Sequence;
        _changes.Clear();
    }

    /// <summary>At most 256 changes, so that a reader holds the gate for a short time.</summary>
    public IReadOnlyList<DocumentChange> ChangesAfter(long sequence)
    {
        var first = (int)(sequence - TrimmedSequence);
        return _changes.GetRange(first, Math.Min(256, _changes.Count - first));
    }

    private void Put(DocumentKey key, Document? document)
    {
        if (_documents.Remove(key, out var before))
        {
            _byKind[key.Kind].Remove(before.CreatedSequence);
        }

        if (document is null)
        {
            return;
        }

        _documents.Add(key, document);
        if (!_byKind.TryGetValue(key.Kind, out var ofKind))
        {
            _byKind.Add(key.Kind, ofKind = []);
        }

        ofKind.Add(document.CreatedSequence, document);
    }
}
