using Microsoft.AspNetCore.Http;

namespace Sanbashi.Wire;

/// <summary>Finds what a form with <c>Action</c> and <c>Version</c> calls: the service is the signature's; calls without a signature are found by their action.</summary>
internal static class QueryTargets
{
    public static WireTarget? Find(IWireProtocol protocol, WireRequest request, IReadOnlyList<ApiService> services)
    {
        if (Parameter(request, "Action") is not { } action)
        {
            return null;
        }

        // Some services share a name in signatures and differ by the version of their API.
        var version = Parameter(request, "Version");
        var named = request.Scope is { } scope
            ? services.Where(service => service.Model.SigningName == scope.Service)
            : services.Where(service => service.Model.Operations.ContainsKey(action));
        var service = named.FirstOrDefault(candidate => version is null || candidate.Model.Metadata.ApiVersion == version);
        return service is null && named.Any() ? new WireTarget(protocol, null, action) : service is null ? null : new WireTarget(protocol, service, action);
    }

    private static string? Parameter(WireRequest request, string name) =>
        request.Method == HttpMethods.Get || request.ContentType == FormParameters.ContentType
            ? request.Parameters.FirstOrDefault(parameter => parameter.Key == name).Value
            : null;
}
