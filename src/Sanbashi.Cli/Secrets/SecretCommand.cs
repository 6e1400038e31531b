using System.CommandLine;

namespace Sanbashi.Cli.Secrets;

/// <summary><c>sanbashi secret</c>.</summary>
internal static class SecretCommand
{
    public static Command Create() => new("secret", "Keeps secrets: values that are sealed in the store and given to services as variables.")
    {
        CreateSecretCommand.Create(),
        PutSecretCommand.Create(),
        ListSecretsCommand.Create(),
        ShowSecretCommand.Create(),
        RemoveSecretCommand.Create(),
        RestoreSecretCommand.Create(),
        RotateKeyCommand.Create(),
    };

    internal static Argument<string> Name() => new("NAME") { Description = "The secret's name, or its ARN." };
}
