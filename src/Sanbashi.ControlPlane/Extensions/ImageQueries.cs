using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Engines;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Extensions;

/// <summary>DescribeImage: what a reference means now, which ports it exposes; the image is made present on the machine for that.</summary>
internal sealed class ImageQueries(IContainerEngine engine)
{
    public async Task<JsonObject> Describe(ApiCall call, CancellationToken cancellationToken)
    {
        var reference = call.Input.RequiredText("ImageIdentifier");
        ResolvedImage image;
        try
        {
            image = await engine.ResolveImage(reference, progress: null, cancellationToken);
        }
        catch (EngineException failure)
        {
            throw failure.Failure switch
            {
                EngineFailure.ImageNotFound => ApiErrors.NotFound(failure.Message),
                EngineFailure.Unreachable or EngineFailure.DiskFull => ApiErrors.Internal(failure.Message),
                _ => ApiErrors.InvalidRequest(failure.Message),
            };
        }

        return new JsonObject
        {
            ["ImageIdentifier"] = reference,
            ["ImageId"] = image.ImageId,
            ["ImageDigest"] = image.Digest,
            ["Architecture"] = image.Architecture,
            ["SizeBytes"] = image.SizeBytes,
            ["ExposedPorts"] = ApiOutput.List(image.ExposedPorts.Select(port => (JsonNode)port)),
            ["Warning"] = image.Warning,
        };
    }
}
