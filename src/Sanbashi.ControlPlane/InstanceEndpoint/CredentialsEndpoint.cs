using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Identity.Roles;
using Sanbashi.Engines;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.InstanceEndpoint;

/// <summary>Credentials of an instance's role, in the form that ECS's agent has for them.</summary>
internal sealed class CredentialsEndpoint(InstanceCallers callers, InstanceTokens tokens, InstanceRoles roles)
{
    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/v2/credentials/{token}", Answer);

    private async Task<IResult> Answer(string token, HttpContext context)
    {
        try
        {
            var caller = await callers.Find(tokens.OpenForCredentials(token), context.Connection.RemoteIpAddress, context.RequestAborted);
            if (caller?.Revision.Definition.InstanceRoleArn is not { } role)
            {
                return Refused(StatusCodes.Status400BadRequest, "InvalidIdInRequest", "CredentialsV2Request: these are not the credentials of the instance that asks for them.");
            }

            var credentials = await roles.Issue(caller.Service, role, caller.Instance.Identity.InstanceId, context.RequestAborted);
            context.Response.Headers.CacheControl = "no-store";
            return Text(StatusCodes.Status200OK, new JsonObject
            {
                ["RoleArn"] = credentials.RoleArn,
                ["AccessKeyId"] = credentials.AccessKeyId,
                ["SecretAccessKey"] = credentials.SecretAccessKey,
                ["Token"] = credentials.SessionToken,
                ["Expiration"] = credentials.ExpiresAt.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture),
            });
        }
        catch (ApiException refusal)
        {
            return Refused(StatusCodes.Status403Forbidden, "AccessDenied", refusal.Message);
        }
        catch (EngineException failure)
        {
            return Refused(StatusCodes.Status503ServiceUnavailable, "ServerError", failure.Message);
        }
    }

    private static IResult Refused(int status, string code, string message) =>
        Text(status, new JsonObject { ["code"] = code, ["message"] = message, ["HTTPErrorCode"] = status });

    private static IResult Text(int status, JsonObject body) => Results.Text(body.ToJsonString(), "application/json", statusCode: status);
}
