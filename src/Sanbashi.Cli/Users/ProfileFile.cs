using System.Text;

namespace Sanbashi.Cli.Users;

/// <summary>A profile in AWS's shared credentials file. What is there already is never changed.</summary>
internal sealed class ProfileFile(string path, string profile)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnersFolder = OwnerOnly | UnixFileMode.UserExecute;

    public static string DefaultPath => Environment.GetEnvironmentVariable("AWS_SHARED_CREDENTIALS_FILE") is { Length: > 0 } named
        ? named
        : System.IO.Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".aws", "credentials");

    public string Path => path;

    public string Profile => profile;

    /// <exception cref="CliException">The profile is there, or its name cannot be one.</exception>
    public void DemandNew()
    {
        if (profile.AsSpan().IndexOfAny("[]\r\n") >= 0)
        {
            throw new CliException(ExitCodes.Usage, $"'{profile}' cannot be the name of a profile. Choose one with --profile.");
        }

        if (File.Exists(path) && File.ReadLines(path).Any(line => line.Trim() == $"[{profile}]"))
        {
            throw new CliException(ExitCodes.Conflict, $"{path} has a profile '{profile}' already, and nothing was made. Choose another one with --profile.");
        }
    }

    public void Write(string keyId, string secret)
    {
        if (System.IO.Path.GetDirectoryName(path) is { Length: > 0 } folder)
        {
            Directory.CreateDirectory(folder, OwnersFolder);
        }

        var isContinued = File.Exists(path) && File.ReadAllText(path) is { Length: > 0 } before && !before.EndsWith('\n');
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        file.Write(Encoding.UTF8.GetBytes($"{(isContinued ? "\n" : "")}[{profile}]\naws_access_key_id = {keyId}\naws_secret_access_key = {secret}\n"));
        file.Flush(flushToDisk: true);
    }
}
