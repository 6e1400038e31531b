namespace Sanbashi.ControlPlane.Secrets.Encryption;

/// <summary>A sealed value whose key is not there.</summary>
internal sealed class KeyMissingException(string binding, string keyId, string source)
    : Exception($"The value of {binding} is sealed with key {keyId}, which is not in {source}. Put that key's line back there, below the one in use, and restart.");
