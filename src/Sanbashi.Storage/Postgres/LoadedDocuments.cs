using Sanbashi.Domain.Identity;

namespace Sanbashi.Storage;

/// <summary>What a batch of commits needs to know, read in one go: the documents it writes and the holders of the names that must be unique.</summary>
internal sealed class LoadedDocuments : ICommittedDocuments
{
    private readonly Dictionary<DocumentKey, Document> _byKey;
    private readonly ILookup<(string Kind, ResourceScope Scope, string? Name), DocumentKey> _byName;

    public LoadedDocuments(IEnumerable<Document> written, IReadOnlyCollection<Document> named)
    {
        _byKey = written.Concat(named).DistinctBy(d => d.Key).ToDictionary(d => d.Key);
        _byName = named.ToLookup(d => (d.Key.Kind, d.Key.Scope, d.Name), d => d.Key);
    }

    public Document? Find(DocumentKey key) => _byKey.GetValueOrDefault(key);

    public IReadOnlyList<DocumentKey> FindByName(string kind, ResourceScope scope, string name) => [.. _byName[(kind, scope, name)].Distinct()];
}
