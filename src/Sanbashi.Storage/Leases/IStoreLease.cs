namespace Sanbashi.Storage;

/// <summary>The right to write. Disposing gives it to the next that waits.</summary>
public interface IStoreLease : IAsyncDisposable
{
    /// <summary>Grows with every new leader.</summary>
    long FencingNumber { get; }

    /// <summary>Cancelled when the lease is lost.</summary>
    CancellationToken Lost { get; }
}
