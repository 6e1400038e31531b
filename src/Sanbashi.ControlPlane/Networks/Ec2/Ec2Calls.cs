using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Networks;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Networks.Ec2;

/// <summary>
/// Makes handlers of what the operations do. A call with <c>DryRun</c> does all that it would do, but nothing is written and it ends in the error that says that it would have
/// succeeded.
/// </summary>
internal sealed class Ec2Calls(NetworkDirectory directory)
{
    public ApiHandler Query(Func<ApiCall, NetworkMap, JsonObject> answer) => async (call, cancellationToken) =>
    {
        var output = answer(call, await directory.Read(call.Scope(), cancellationToken));
        StopDryRun(call);
        return output;
    };

    public ApiHandler Change(Func<ApiCall, NetworkEdit, JsonObject> change) => (call, cancellationToken) => directory.Change(
        call.Scope(),
        edit =>
        {
            var output = change(call, edit);
            StopDryRun(call);
            return output;
        },
        cancellationToken);

    private static void StopDryRun(ApiCall call)
    {
        if (call.Input.Flag("DryRun") == true)
        {
            throw new ApiException(Ec2Protocol.DryRun, "Request would have succeeded, but DryRun flag is set.");
        }
    }
}
