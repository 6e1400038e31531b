namespace Sanbashi.ControlPlane.Secrets.Encryption;

/// <summary>
/// The file with the key-encryption keys, readable by the platform's user only, made at the first start. A key stands on a line, the one in use first; lines that
/// begin with # are remarks.
/// </summary>
internal sealed class KeyFile(string path) : IKeySource
{
    public const string FileName = "secrets.key";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const string Remark = "# The keys that seal this installation's secrets, the one in use first. Whoever reads them and the store reads all secrets; without them nobody does.";

    public string Name => path;

    /// <exception cref="InvalidDataException">The file is there but is not a list of keys.</exception>
    public IReadOnlyList<EncryptionKey> Load()
    {
        if (!File.Exists(path))
        {
            Write([EncryptionKey.Make()]);
        }

        return KeyText.Parse(File.ReadAllText(path), path);
    }

    public bool TryReplace(IReadOnlyList<EncryptionKey> keys)
    {
        Write(keys);
        return true;
    }

    private void Write(IReadOnlyList<EncryptionKey> keys)
    {
        var temporary = $"{path}.{Environment.ProcessId}";
        using (var file = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes($"{Remark}\n{string.Concat(keys.Select(static key => key.Text + "\n"))}"));
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
