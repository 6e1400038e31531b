using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.Services.Api;

/// <summary>Which calls a service's state allows.</summary>
internal static class ServiceStates
{
    /// <param name="action">As in "can't be paused".</param>
    /// <exception cref="Wire.ApiException">InvalidStateException that says which state was found and what to do.</exception>
    public static void Require(ServiceRecord service, string action, params ReadOnlySpan<ServiceStatus> allowed)
    {
        if (allowed.Contains(service.Status))
        {
            return;
        }

        var states = string.Join(" or ", allowed.ToArray().Select(ApiOutput.UpperSnake));
        throw ApiErrors.InvalidState(
            $"Service {service.Name} can't be {action}, because it is in {ApiOutput.UpperSnake(service.Status)} state. It must be in {states} state. {WhatToDo(service)}");
    }

    private static string WhatToDo(ServiceRecord service) => service.Status switch
    {
        ServiceStatus.OperationInProgress => $"Wait until operation {service.OperationId} ends (ListOperations), or cancel a deployment with Sanbashi.CancelOperation.",
        ServiceStatus.Paused => "Resume it first (ResumeService).",
        ServiceStatus.CreateFailed => "Update it (UpdateService) to build it anew, or delete it; its log events say why it failed.",
        ServiceStatus.DeleteFailed => "Delete it again (DeleteService); its log events say why that failed.",
        _ => "",
    };
}
