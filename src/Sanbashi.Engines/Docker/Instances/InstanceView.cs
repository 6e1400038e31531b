using System.Globalization;
using Sanbashi.Domain.Workloads;
using Sanbashi.Engines.Docker.Api;

namespace Sanbashi.Engines.Docker.Instances;

/// <summary>Puts an instance together from its parts. Pure.</summary>
internal static class InstanceView
{
    /// <summary>Null when the parts do not say whose they are.</summary>
    public static EngineInstance? Of(IReadOnlyCollection<InstancePart> parts)
    {
        var identity = parts.Select(part => InstanceLabels.Identity(part.Summary.Labels)).FirstOrDefault(identity => identity is not null);
        if (identity is null)
        {
            return null;
        }

        var holder = parts.FirstOrDefault(part => part.IsHolder);
        var expected = Expected(holder);
        var containers = parts.Where(part => !part.IsHolder).OrderBy(part => Position(expected, part.Name)).ToList();
        return new EngineInstance
        {
            Identity = identity,
            State = StateOf(holder, containers, expected),
            Endpoint = holder is null ? null : EndpointOf(holder),
            Containers = [.. containers.Select(Container)],
            StartedAt = containers.Select(part => Moment(part.Details?.State.StartedAt)).Where(moment => moment is not null).Min(),
        };
    }

    /// <summary>Names of the containers that an instance should have, main first.</summary>
    public static IReadOnlyList<string> Expected(InstancePart? holder) =>
        holder?.Summary.Labels?.GetValueOrDefault(Labels.Containers)?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];

    private static EngineInstanceState StateOf(InstancePart? holder, List<InstancePart> containers, IReadOnlyList<string> expected)
    {
        if (holder is { HasEnded: true } || containers.Any(part => part.HasEnded || FailedToStart(part)))
        {
            // Nothing of the application's has ended where nothing of it ever ran.
            return HasNeverRun(containers, expected) ? EngineInstanceState.Incomplete : EngineInstanceState.Exited;
        }

        if (holder is { IsRunning: true } && HasNeverRun(containers, expected))
        {
            return EngineInstanceState.Standby;
        }

        var isComplete = holder is { IsRunning: true } && expected.Count > 0 && expected.All(name => containers.Exists(part => part.Name == name && !part.IsCreated));
        if (!isComplete)
        {
            return EngineInstanceState.Incomplete;
        }

        var paused = containers.Count(part => part.IsPaused);
        return paused == 0 ? EngineInstanceState.Running
            : paused == containers.Count ? EngineInstanceState.Frozen
            : EngineInstanceState.Incomplete;
    }

    private static bool HasNeverRun(List<InstancePart> containers, IReadOnlyList<string> expected) =>
        expected.Count > 0 && expected.All(name => containers.Exists(part => part.Name == name && part.IsCreated && !FailedToStart(part)));

    private static string? EndpointOf(InstancePart holder)
    {
        if (holder.Port is not { } port)
        {
            return null;
        }

        // A holder publishes its port only where its address is of no use.
        if (holder.Summary.Ports?.FirstOrDefault(published => published.PrivatePort == port && published.PublicPort is > 0) is { } published)
        {
            return string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{published.PublicPort}");
        }

        var address = holder.Summary.NetworkSettings?.Networks?.Values.Select(network => network?.IpAddress).FirstOrDefault(address => !string.IsNullOrEmpty(address));
        return address is not null ? string.Create(CultureInfo.InvariantCulture, $"{address}:{port}") : null;
    }

    private static EngineContainer Container(InstancePart part)
    {
        var state = part.IsPaused ? EngineContainerState.Paused
            : part.IsRunning ? EngineContainerState.Running
            : part.IsCreated && !FailedToStart(part) ? EngineContainerState.Created
            : EngineContainerState.Exited;
        var details = part.Details?.State;
        return new EngineContainer(
            part.Name,
            state,
            state == EngineContainerState.Exited ? details?.ExitCode : null,
            details?.OutOfMemory == true,
            details?.Error is { Length: > 0 } error ? RuntimeText.IsCannotStart(error) ? RuntimeText.StartFailure(error) : RuntimeText.Clean(error) : null,
            Moment(details?.StartedAt),
            state == EngineContainerState.Exited ? Moment(details?.FinishedAt) : null);
    }

    // Docker leaves a container whose command does not exist as created, with the exit code that a shell would have given.
    private static bool FailedToStart(InstancePart part) => part.IsCreated && part.Details?.State is { ExitCode: not 0, Error.Length: > 0 };

    private static int Position(IReadOnlyList<string> expected, string name)
    {
        for (var i = 0; i < expected.Count; i++)
        {
            if (expected[i] == name)
            {
                return i;
            }
        }

        return int.MaxValue;
    }

    // Engines write the year 1 for "never".
    private static DateTimeOffset? Moment(DateTimeOffset? moment) => moment is { Year: > 1 } given ? given : null;
}
