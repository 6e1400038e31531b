using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Engines;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Extensions;

/// <summary>DescribeImage: what a reference means now. The command line takes the port of a new service from it.</summary>
internal sealed class ImageQueries(IContainerEngine engine)
{
    public async Task<JsonObject> Describe(ApiCall call, CancellationToken cancellationToken)
    {
        try
        {
            var image = await engine.ResolveImage(call.Input.Text("ImageIdentifier")!, progress: null, cancellationToken);
            return new JsonObject
            {
                ["ImageId"] = image.ImageId,
                ["ImageDigest"] = image.Digest,
                ["Architecture"] = image.Architecture,
                ["SizeBytes"] = image.SizeBytes,
                ["ExposedPorts"] = new JsonArray([.. image.ExposedPorts.Select(port => (JsonNode)port)]),
            };
        }
        catch (EngineException failure)
        {
            throw ApiErrors.InvalidRequest(failure.Message);
        }
    }
}
