namespace Sanbashi.ControlPlane.Secrets.Encryption;

/// <summary>Finds where the keys of this installation are: a credential of systemd, a command, or the file in the state folder.</summary>
internal static class KeySources
{
    /// <summary>systemd's <c>LoadCredential=</c> or <c>LoadCredentialEncrypted=</c> with this name.</summary>
    public const string CredentialName = "sanbashi-secrets-key";

    private const string CredentialsVariable = "CREDENTIALS_DIRECTORY";

    public static IKeySource Find(ControlPlaneOptions options)
    {
        var credential = Environment.GetEnvironmentVariable(CredentialsVariable) is { Length: > 0 } folder ? Path.Combine(folder, CredentialName) : null;
        if (credential is not null && File.Exists(credential))
        {
            return new SuppliedKeys(credential, () => File.ReadAllText(credential));
        }

        return options.SecretsKeyCommand is { } command
            ? new SuppliedKeys($"the output of the command in ${ControlPlaneOptions.SecretsKeyCommandVariable}", () => KeyCommand.Run(command))
            : new KeyFile(Path.Combine(options.StateDirectory, KeyFile.FileName));
    }
}
