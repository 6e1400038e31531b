using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sanbashi.ControlPlane.Identity.Roles;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.InstanceEndpoint;

/// <summary>An instance's metadata, in the forms that ECS has for tasks, versions 3 and 4.</summary>
internal sealed class MetadataEndpoint(InstanceCallers callers, InstanceTokens tokens, ResourceBoard resources)
{
    public void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var version in (string[])["v3", "v4"])
        {
            endpoints.MapGet($"/{version}/{{token}}", (string token, HttpContext context) => Answer(token, context, TaskMetadata.Container));
            endpoints.MapGet($"/{version}/{{token}}/task", (string token, HttpContext context) => Answer(token, context, TaskMetadata.Task));
            endpoints.MapGet($"/{version}/{{token}}/stats", (string token, HttpContext context) => Answer(token, context, caller => TaskMetadata.Stats(Sample(caller))));
            endpoints.MapGet(
                $"/{version}/{{token}}/task/stats",
                (string token, HttpContext context) => Answer(token, context, caller => new JsonObject { [TaskMetadata.DockerId(caller, 0)] = TaskMetadata.Stats(Sample(caller)) }));
        }
    }

    private ResourceSample? Sample(InstanceCaller caller) => resources.Of(caller.Instance.Identity.InstanceId);

    private async Task<IResult> Answer(string token, HttpContext context, Func<InstanceCaller, JsonNode?> answer)
    {
        try
        {
            var caller = await callers.Find(tokens.OpenForMetadata(token), context.Connection.RemoteIpAddress, context.RequestAborted);
            return caller is null
                ? Results.Text("V4 metadata: this is not the metadata of the instance that asks for it.", statusCode: StatusCodes.Status404NotFound)
                : Results.Text(answer(caller)?.ToJsonString() ?? "null", "application/json");
        }
        catch (EngineException failure)
        {
            return Results.Text(failure.Message, statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
