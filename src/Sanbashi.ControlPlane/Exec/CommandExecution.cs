using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Services.Api;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Workloads;
using Sanbashi.Engines;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Exec;

/// <summary>ExecuteCommand: answers the address of a WebSocket that runs the command once it is opened.</summary>
internal sealed class CommandExecution(
    ServiceLookup lookup, IInstanceDirectory instances, IContainerEngine engine, ExecSessions sessions, ControlPlaneOptions options)
{
    public async Task<JsonObject> Execute(ApiCall call, CancellationToken cancellationToken)
    {
        var service = (await lookup.FindAlive(call, cancellationToken)).Record;
        var instance = Choose(service, call.Input.Text("InstanceId"));
        var container = call.Input.Text("ContainerName") ?? ContainerSpec.Main;
        await CheckContainer(service, instance.Id, container, cancellationToken);
        var exec = new ExecOptions(call.Input.Texts("Command")!, call.Input.Flag("Interactive") ?? false);
        exec = exec with { Rows = call.Input.Integer("Rows") ?? exec.Rows, Columns = call.Input.Integer("Columns") ?? exec.Columns };
        if (!sessions.TryAdd(
                (id, expiresAt) => new ExecTicket(id, service, instance.Id, container, exec, expiresAt), out var ticket))
        {
            throw ApiErrors.InvalidState($"The command was not started: {ExecSessions.MaxSessions} commands run or wait to be run already, which is the limit. End some first.");
        }

        return new JsonObject { ["SessionId"] = ticket.SessionId, ["StreamUrl"] = $"ws://{ApiAddress()}{ExecEndpoint.Path}/{ticket.SessionId}" };
    }

    /// <summary>A frozen instance takes commands too: it is thawed for them. One of another revision than the serving one has to be named.</summary>
    private ObservedInstance Choose(ServiceRecord service, string? instanceId)
    {
        var seen = instances.Seen(service.Id);
        if (instanceId is not null)
        {
            var named = seen.FirstOrDefault(instance => instance.Id == instanceId)
                ?? throw ApiErrors.NotFound($"Instance not found: service {service.Name} has no instance {instanceId}. List them with Sanbashi.DescribeInstances.");
            return named.Phase is InstancePhase.Running or InstancePhase.Frozen
                ? named
                : throw ApiErrors.InvalidState($"No command can be run in instance {instanceId} of service {service.Name}, because it is {ApiOutput.UpperSnake(named.Phase)}.");
        }

        return seen
            .Where(instance => instance.Phase == InstancePhase.Running || instance.Phase == InstancePhase.Frozen && instance.Revision == service.ActiveRevision)
            .OrderByDescending(instance => instance.IsHealthy)
            .ThenByDescending(instance => instance.Phase == InstancePhase.Running)
            .ThenByDescending(instance => instance.Revision)
            .FirstOrDefault()
            ?? throw ApiErrors.InvalidState(
                $"No command can be run in service {service.Name}, because it has no running instance. Its state is {ApiOutput.UpperSnake(service.Status)}.{(service.Status == ServiceStatus.Running ? " Where min-size is 0, a request starts one." : "")}");
    }

    private async Task CheckContainer(ServiceRecord service, string instanceId, string container, CancellationToken cancellationToken)
    {
        EngineInstance? found;
        try
        {
            found = await engine.FindInstance(instanceId, cancellationToken);
        }
        catch (EngineException failure)
        {
            throw ApiErrors.Internal($"No command can be run in service {service.Name}: {failure.Message}");
        }

        if (found is null)
        {
            throw ApiErrors.NotFound($"Instance not found: instance {instanceId} of service {service.Name} has just ended. List those there are with Sanbashi.DescribeInstances.");
        }

        if (found.Containers.All(candidate => candidate.Name != container))
        {
            throw ApiErrors.InvalidRequest(
                $"Instance {instanceId} of service {service.Name} has no container '{container}'. It has {string.Join(", ", found.Containers.Select(candidate => candidate.Name))}.");
        }
    }

    /// <summary>Clients that reach the platform by another address (a tunnel) use that with the same path.</summary>
    private string ApiAddress() => (options.ApiListen.FirstOrDefault() ?? "localhost:4600")
        .Replace("0.0.0.0:", "localhost:", StringComparison.Ordinal)
        .Replace("[::]:", "localhost:", StringComparison.Ordinal);
}
