using System.Globalization;
using Sanbashi.Domain.Deployments;

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
    /// <exception cref="FormatException">The start command's quotes do not match.</exception>
    public static InstanceSpec Of(RevisionRecord revision, IReadOnlyDictionary<string, string> secrets, IReadOnlyDictionary<string, string>? platform = null)
    {
        var definition = revision.Definition;
        var image = revision.Image ?? throw new InvalidOperationException($"Revision {revision.Number} has no resolved image yet.");
        var environment = new Dictionary<string, string>(definition.Image.EnvironmentVariables, StringComparer.Ordinal)
        {
            // Reserved: App Runner injects it and refuses it from users.
            ["PORT"] = definition.Image.Port.ToString(CultureInfo.InvariantCulture),
        };

        foreach (var (name, value) in secrets)
        {
            environment[name] = value;
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
            Volumes = revision.Settings.Volumes,
            Network = revision.Network,
            StopTimeout = revision.Settings.StopTimeout,
        };
    }
}
