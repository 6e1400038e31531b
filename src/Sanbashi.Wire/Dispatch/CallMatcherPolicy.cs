using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace Sanbashi.Wire;

/// <summary>
/// Lets calls and pages share a path: endpoints marked with <see cref="OnlyCallsMetadata"/> take only requests that are
/// signed or name an operation, and those only they take.
/// </summary>
internal sealed class CallMatcherPolicy : MatcherPolicy, IEndpointSelectorPolicy
{
    public override int Order => 1000;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) =>
        endpoints.Any(endpoint => endpoint.Metadata.GetMetadata<OnlyCallsMetadata>() is not null);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        var isCall = IsCall(httpContext.Request);
        for (var index = 0; index < candidates.Count; index++)
        {
            if (candidates[index].Endpoint.Metadata.GetMetadata<OnlyCallsMetadata>() is not null && !isCall)
            {
                candidates.SetValidity(index, false);
            }
        }

        return Task.CompletedTask;
    }

    private static bool IsCall(HttpRequest request) =>
        (request.Headers.Authorization is [{ } authorization] && AuthorizationHeader.IsSignature(authorization))
        || PresignedQuery.IsSigned(request.QueryString.Value is { Length: > 0 } query ? query[1..] : "")
        || (request.Query.ContainsKey("Action") && request.Query.ContainsKey("Version"));
}
