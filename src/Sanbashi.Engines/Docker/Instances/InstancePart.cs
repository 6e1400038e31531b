using System.Globalization;
using Sanbashi.Engines.Docker.Api;

namespace Sanbashi.Engines.Docker.Instances;

/// <summary>One engine container that belongs to an instance.</summary>
/// <param name="Details">Read for application containers only: the list does not tell exit codes.</param>
internal sealed record InstancePart(ContainerSummary Summary, ContainerDetails? Details)
{
    public string Id => Summary.Id;

    public bool IsHolder => Summary.Labels?.GetValueOrDefault(Labels.Role) == Labels.HolderRole;

    public string Name => Summary.Labels?.GetValueOrDefault(Labels.Container) ?? "";

    /// <summary>The newer of both answers.</summary>
    public string Status => Details?.State.Status is { Length: > 0 } status ? status : Summary.State;

    public bool IsCreated => Status is "created" or "initialized" or "configured";

    public bool IsRunning => Status is "running" or "restarting";

    public bool IsPaused => Status == "paused";

    public bool HasEnded => !IsCreated && !IsRunning && !IsPaused;

    public bool HasSecretFiles => Summary.Labels?.ContainsKey(Labels.SecretFiles) == true;

    public int? Port => int.TryParse(Summary.Labels?.GetValueOrDefault(Labels.Port), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;
}
