namespace Sanbashi.Storage;

/// <summary>Another process is the store's writer now, or may be.</summary>
public sealed class LeaseLostException(string message) : Exception(message);
