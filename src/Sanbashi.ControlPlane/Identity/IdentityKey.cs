using System.Security.Cryptography;

namespace Sanbashi.ControlPlane.Identity;

/// <summary>The key that seals the secrets of access keys and the tokens of sessions: 32 random bytes in <c>&lt;state&gt;/identity.key</c>, made at the first start.</summary>
public static class IdentityKey
{
    public const int Length = 32;

    public static string FilePath(string stateDirectory) => Path.Combine(stateDirectory, "identity.key");

    /// <exception cref="InvalidDataException">The file is there but holds no key.</exception>
    public static byte[] LoadOrCreate(string stateDirectory)
    {
        var path = FilePath(stateDirectory);
        if (!File.Exists(path))
        {
            Create(path);
        }

        var text = File.ReadAllText(path).Trim();
        var key = new byte[Length];
        return Convert.TryFromBase64String(text, key, out var length) && length == Length
            ? key
            : throw new InvalidDataException(
                $"{path} holds no key. Restore it from a backup, or remove it: the next start makes a new one, and access keys of users must then be made anew.");
    }

    private static void Create(string path)
    {
        var temporary = $"{path}.{Environment.ProcessId}";
        using (var file = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }))
        {
            file.Write(System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(RandomNumberGenerator.GetBytes(Length)) + "\n"));
            file.Flush(flushToDisk: true);
        }

        try
        {
            // Without overwriting: of two processes that make it at once, the second one uses the first one's.
            File.Move(temporary, path);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(temporary);
        }
    }
}
