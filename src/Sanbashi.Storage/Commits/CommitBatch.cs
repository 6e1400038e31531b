namespace Sanbashi.Storage;

/// <summary>
/// Decides commits one after another, each on top of those accepted before it; the one place that knows versions, unique names and sequences.
/// Touches no storage: the store writes <see cref="Applied"/> in order, in one transaction.
/// </summary>
internal sealed class CommitBatch(ICommittedDocuments committed, long sequence)
{
    private readonly Dictionary<DocumentKey, Document?> _accepted = [];
    private readonly List<AppliedWrite> _applied = [];

    /// <summary>Of the newest accepted write.</summary>
    public long Sequence { get; private set; } = sequence;

    public IReadOnlyList<AppliedWrite> Applied => _applied;

    public CommitResult Add(IReadOnlyList<DocumentWrite> writes)
    {
        var pending = new Dictionary<DocumentKey, Document?>();
        var applied = new List<AppliedWrite>(writes.Count);
        var next = Sequence;
        foreach (var write in writes)
        {
            var current = Find(write.Key, pending);
            if (write.ExpectedVersion is { } expected && expected != (current?.Version ?? 0))
            {
                return CommitResult.Conflict;
            }

            if (write.Body is null && current is null)
            {
                continue;
            }

            if (write is { Body: not null, UniqueName: true } && IsNameTaken(write, pending))
            {
                return CommitResult.Conflict;
            }

            next++;
            var written = write.Body is null
                ? null
                : new Document(write.Key, write.Name, write.Parent, (current?.Version ?? 0) + 1, current?.CreatedSequence ?? next, write.Body);
            pending[write.Key] = written;
            applied.Add(new AppliedWrite(next, write.Key, written));
        }

        foreach (var (key, document) in pending)
        {
            _accepted[key] = document;
        }

        _applied.AddRange(applied);
        Sequence = next;
        return CommitResult.Committed;
    }

    private Document? Find(DocumentKey key, Dictionary<DocumentKey, Document?> pending) =>
        pending.TryGetValue(key, out var document) || _accepted.TryGetValue(key, out document) ? document : committed.Find(key);

    private bool IsNameTaken(DocumentWrite write, Dictionary<DocumentKey, Document?> pending)
    {
        var (kind, scope, _) = write.Key;
        bool IsOtherWithName(DocumentKey key) => key != write.Key && key.Kind == kind && key.Scope == scope && Find(key, pending)?.Name == write.Name;

        return pending.Keys.Any(IsOtherWithName)
            || _accepted.Keys.Any(IsOtherWithName)
            || committed.FindByName(kind, scope, write.Name!).Any(IsOtherWithName);
    }
}
