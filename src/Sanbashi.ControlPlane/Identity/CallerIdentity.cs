using System.Text.Json.Nodes;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Identity;

/// <summary>The operations of STS that are served: who am I.</summary>
internal static class CallerIdentity
{
    public static void Register(ApiService api) => api.Handle("GetCallerIdentity", Get);

    /// <summary>There is only the root user, whose id is the account's.</summary>
    private static Task<JsonObject> Get(ApiCall call, CancellationToken cancellationToken) => Task.FromResult(new JsonObject
    {
        ["Account"] = call.Account,
        ["Arn"] = $"arn:aws:iam::{call.Account}:root",
        ["UserId"] = call.Account,
    });
}
