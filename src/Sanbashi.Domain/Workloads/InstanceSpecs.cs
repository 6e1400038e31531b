using System.Globalization;
using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Settings;

namespace Sanbashi.Domain.Workloads;

/// <summary>What the instances of an App Runner service consist of.</summary>
public static class InstanceSpecs
{
    /// <summary>Tells the application which revision of its service it is.</summary>
    public const string RevisionVariable = "SANBASHI_REVISION";

    /// <param name="revision">Its image must have been resolved.</param>
    /// <exception cref="FormatException">The start command's quotes do not match.</exception>
    public static InstanceSpec Of(RevisionRecord revision) => Of(revision, new Dictionary<string, string>());

    /// <param name="secrets">The values of its secret variables.</param>
    /// <param name="platform">Variables that tell where the platform is; null: none.</param>
    /// <exception cref="FormatException">The start command's quotes do not match, or a secret cannot be a file.</exception>
    public static InstanceSpec Of(RevisionRecord revision, IReadOnlyDictionary<string, string> secrets, IReadOnlyDictionary<string, string>? platform = null)
    {
        var definition = revision.Definition;
        var image = revision.Image ?? throw new InvalidOperationException($"Revision {revision.Number} has no resolved image yet.");
        var environment = new Dictionary<string, string>(definition.Image.EnvironmentVariables, StringComparer.Ordinal)
        {
            // Reserved: App Runner injects it and refuses it from users.
            ["PORT"] = definition.Image.Port.ToString(CultureInfo.InvariantCulture),
        };

        var areFiles = revision.Settings.SecretsAs == SecretsAs.Files;
        foreach (var (name, value) in secrets)
        {
            if (areFiles)
            {
                if (name.Contains('/') || name is "." or "..")
                {
                    throw new FormatException($"The secret variable '{name}' cannot be a file, as the setting secrets-as=files has it: file names have no '/'. Give it another name.");
                }

                // What people have set themselves says something else on purpose.
                environment.TryAdd($"{name}_FILE", $"{InstanceSpec.SecretsFolder}/{name}");
            }
            else
            {
                environment[name] = value;
            }
        }

        // For logs, traces and pages that say what they are; a variable of the user's own goes first.
        environment.TryAdd(RevisionVariable, revision.Number.ToString(CultureInfo.InvariantCulture));
        foreach (var (name, value) in platform ?? new Dictionary<string, string>())
        {
            environment.TryAdd(name, value);
        }

        return new InstanceSpec
        {
            Containers =
            [
                new ContainerSpec
                {
                    Name = ContainerSpec.Main,
                    Image = image.ImageId,
                    Command = definition.Image.StartCommand is { } command ? ShellWords.Split(command) : null,
                    Environment = environment,
                },
            ],
            Size = new InstanceSize(definition.CpuUnits, definition.MemoryMegabytes),
            Port = definition.Image.Port,
            SecretFiles = areFiles ? secrets : new Dictionary<string, string>(),
            Volumes = revision.Settings.Volumes,
            Network = revision.Network,
            StopTimeout = revision.Settings.StopTimeout,
        };
    }
}
