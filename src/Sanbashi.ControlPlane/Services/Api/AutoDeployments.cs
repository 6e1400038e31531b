using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Services;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Services.Api;

/// <summary>Automatic deployments are accepted, so that existing definitions go through, and said to be without effect where people look.</summary>
internal sealed class AutoDeployments(IServiceLog log)
{
    /// <param name="call">What asked for it, perhaps.</param>
    /// <param name="service">As it is now.</param>
    public void Explain(ApiCall call, ServiceRecord service)
    {
        if (call.Input.Object("SourceConfiguration")?.Flag("AutoDeploymentsEnabled") == true)
        {
            log.Event(service, "Automatic deployments are enabled, but this version does not watch registries: after a push, deploy with StartDeployment (sanbashi svc redeploy).");
        }
    }
}
