namespace Sanbashi.ControlPlane.Secrets.Encryption;

/// <summary>A sealed value that does not open: it was changed outside of the platform, or put in the place of another one.</summary>
internal sealed class SealBrokenException(string binding, Exception inner)
    : Exception($"The stored value of {binding} was changed outside of the platform and can't be opened. Restore it from a backup, or write a new value.", inner);
