namespace Sanbashi.Storage;

/// <summary>The store cannot do what was asked.</summary>
/// <param name="message">What was attempted, on which store, what was found, what to do next.</param>
public sealed class StoreException(string message, Exception? inner = null) : Exception(message, inner);
