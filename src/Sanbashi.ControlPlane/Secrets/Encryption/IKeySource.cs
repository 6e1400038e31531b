namespace Sanbashi.ControlPlane.Secrets.Encryption;

/// <summary>Where key-encryption keys come from.</summary>
internal interface IKeySource
{
    /// <summary>For people: a file, a command.</summary>
    string Name { get; }

    /// <summary>The keys, the one in use first.</summary>
    /// <exception cref="InvalidDataException">There is none, or something else.</exception>
    IReadOnlyList<EncryptionKey> Load();

    /// <summary>Keeps other keys from now on; false where somebody else keeps them.</summary>
    bool TryReplace(IReadOnlyList<EncryptionKey> keys);
}
