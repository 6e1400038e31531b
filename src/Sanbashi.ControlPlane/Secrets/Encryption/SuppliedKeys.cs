namespace Sanbashi.ControlPlane.Secrets.Encryption;

/// <summary>Keys that somebody else keeps: a command's output, or a credential of systemd.</summary>
internal sealed class SuppliedKeys(string name, Func<string> read) : IKeySource
{
    public string Name => name;

    public IReadOnlyList<EncryptionKey> Load() => KeyText.Parse(read(), name);

    public bool TryReplace(IReadOnlyList<EncryptionKey> keys) => false;
}
