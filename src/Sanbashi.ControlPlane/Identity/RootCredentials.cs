using System.Security.Cryptography;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Identity;

/// <summary>
/// The key that may do everything, made at the platform's first start and kept in <c>&lt;state&gt;/credentials</c> in the format of AWS's shared
/// credentials file, profile <c>default</c>, so that every client can be pointed at the file.
/// </summary>
public static class RootCredentials
{
    private const string Profile = "[default]";
    private const string KeyIdName = "aws_access_key_id";
    private const string SecretName = "aws_secret_access_key";

    // As long as AWS's (20 characters) but with a prefix of ours, so that neither people nor secret scanners take it for a key of AWS.
    private const string KeyIdPrefix = "AKSB";
    private const string KeyIdAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int KeyIdRandomLength = 16;
    private const int SecretBytes = 30;

    public static string FilePath(string stateDirectory) => Path.Combine(stateDirectory, "credentials");

    /// <summary>Reads the state's credential, making it when there is none yet. Two processes that start at once get the same one.</summary>
    /// <exception cref="InvalidDataException">The file is there but holds no key.</exception>
    public static ApiCredential LoadOrCreate(string stateDirectory, string account)
    {
        var path = FilePath(stateDirectory);
        if (!File.Exists(path))
        {
            Create(path);
        }

        return Load(path, account);
    }

    /// <summary>Reads a credentials file.</summary>
    /// <exception cref="InvalidDataException">It holds no key in its default profile.</exception>
    public static ApiCredential Load(string path, string account)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        var isDefault = false;
        foreach (var line in File.ReadLines(path).Select(line => line.Trim()))
        {
            if (line.StartsWith('['))
            {
                isDefault = line == Profile;
            }
            else if (isDefault && line.Split('=', 2, StringSplitOptions.TrimEntries) is [var name, var value])
            {
                values[name] = value;
            }
        }

        return values.TryGetValue(KeyIdName, out var keyId) && values.TryGetValue(SecretName, out var secret)
            ? new ApiCredential(keyId, secret, values.GetValueOrDefault("aws_session_token"), account)
            : throw new InvalidDataException(
                $"{path} holds no {KeyIdName} and {SecretName} below {Profile}. Restore it from a backup, or remove it: the next start makes a new key.");
    }

    private static void Create(string path)
    {
        var text = $"""
            # The root key of this Sanbashi installation. Made at its first start; whoever reads it may do everything there.
            # It is for the first minutes: make a user with 'sanbashi user create'.
            {Profile}
            {KeyIdName} = {KeyIdPrefix}{RandomNumberGenerator.GetString(KeyIdAlphabet, KeyIdRandomLength)}
            {SecretName} = {Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes))}

            """;
        var temporary = $"{path}.{Environment.ProcessId}";
        using (var file = new FileStream(temporary, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = Mode(path) }))
        {
            file.Write(System.Text.Encoding.UTF8.GetBytes(text));
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

    /// <summary>The installed platform's folder belongs to a group and passes it on (set-group-id); its members may read the key, nobody else.</summary>
    private static UnixFileMode Mode(string path)
    {
        var isSharedWithGroup = File.GetUnixFileMode(Path.GetDirectoryName(path)!).HasFlag(UnixFileMode.SetGroup);
        return UnixFileMode.UserRead | UnixFileMode.UserWrite | (isSharedWithGroup ? UnixFileMode.GroupRead : UnixFileMode.None);
    }
}
