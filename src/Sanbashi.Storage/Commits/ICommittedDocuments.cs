using Sanbashi.Domain.Identity;

namespace Sanbashi.Storage;

/// <summary>What a store holds before a batch of commits.</summary>
internal interface ICommittedDocuments
{
    Document? Find(DocumentKey key);

    /// <summary>The keys of all documents of this kind and scope with this name.</summary>
    IReadOnlyList<DocumentKey> FindByName(string kind, ResourceScope scope, string name);
}
