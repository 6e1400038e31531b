namespace Sanbashi.Storage;

/// <param name="Document">The document as it is now; null when it was deleted.</param>
internal sealed record AppliedWrite(long Sequence, DocumentKey Key, Document? Document)
{
    public DocumentChange Change => new(Sequence, Key, Document is null);
}
