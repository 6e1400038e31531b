namespace Sanbashi.Storage;

/// <summary>A store that waits for the lease.</summary>
internal sealed record InMemoryWaiter(InMemoryDocumentStore Store, string Owner, TaskCompletionSource<IStoreLease> Granted);
