using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Exec;

/// <summary>The WebSocket of a session that ExecuteCommand has made. Knowing its id is the permission.</summary>
internal sealed class ExecEndpoint(ExecSessions sessions, IInstanceDirectory instances, IContainerEngine engine, IServiceLog log, TimeProvider timeProvider)
{
    public const string Path = "/sanbashi/exec";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        var stopping = endpoints.ServiceProvider.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        endpoints.MapGet($"{Path}/{{session}}", (HttpContext context) => Serve(context, stopping));
    }

    private async Task Serve(HttpContext context, CancellationToken stopping)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            await Refuse(context, StatusCodes.Status426UpgradeRequired, "This address speaks WebSocket only: it carries the input and output of a command.");
            return;
        }

        if (sessions.Begin((string)context.Request.RouteValues["session"]!) is not { } ticket)
        {
            await Refuse(
                context,
                StatusCodes.Status404NotFound,
                $"There is no such session: it was used already, or not opened within {ExecSessions.Lifetime.TotalSeconds:0} s. Start the command again (Sanbashi.ExecuteCommand).");
            return;
        }

        try
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await Run(socket, ticket, stopping, context.RequestAborted);
        }
        catch (Exception gone) when (gone is OperationCanceledException or WebSocketException or IOException)
        {
            // The client has gone; nobody is left to tell.
        }
        finally
        {
            sessions.End();
        }
    }

    private async Task Run(WebSocket socket, ExecTicket ticket, CancellationToken stopping, CancellationToken gone)
    {
        // Before it is thawed: the reconciler would freeze it again at once.
        using var use = instances.Use(ticket.Service.Id, ticket.InstanceId);
        try
        {
            // Engines refuse commands in a frozen container, and it may have fallen asleep since it was chosen. One that is awake stays so.
            await engine.ThawInstance(ticket.InstanceId, gone);

            await using var session = await engine.Exec(ticket.InstanceId, ticket.ContainerName, ticket.Options, gone);

            // The command itself may carry secrets.
            log.Event(ticket.Service, $"A command was started in container {ticket.ContainerName} of instance {ticket.InstanceId}.");
            await new ExecBridge(socket, session, timeProvider).Run(stopping, gone);
        }
        catch (EngineException failure) when (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            await ExecBridge.SendEnd(socket, new ExecEnd(null, failure.Message), gone);
        }
    }

    private static async Task Refuse(HttpContext context, int status, string reason)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        await context.Response.WriteAsync(reason + "\n", context.RequestAborted);
    }
}
