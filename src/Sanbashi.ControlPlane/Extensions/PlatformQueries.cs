using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Metrics;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Engines;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Extensions;

/// <summary>DescribePlatform: what this installation is.</summary>
internal sealed class PlatformQueries(ServiceDocuments documents, ControlPlaneOptions options, IContainerEngine engine, IGatewayReports gateways, TimeProvider timeProvider)
{
    /// <summary>An engine that hangs must not make the platform look dead.</summary>
    private static readonly TimeSpan _engineTimeout = TimeSpan.FromSeconds(3);

    public async Task<JsonObject> Describe(ApiCall call, CancellationToken cancellationToken) => new()
    {
        ["Version"] = options.Version,
        ["Region"] = options.DefaultRegion,
        ["Account"] = options.Account,
        ["Domain"] = options.Domain,
        ["HttpUrl"] = PlatformAddress.HttpUrl(options),
        ["HttpsUrl"] = PlatformAddress.HttpsUrl(options),
        ["Engine"] = await DescribeEngine(cancellationToken),
        ["Store"] = documents.Store.Name,
        ["GatewayCount"] = gateways.GatewayCount,
    };

    private async Task<JsonObject> DescribeEngine(CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_engineTimeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var described = await engine.Describe(either.Token);
            return new JsonObject
            {
                ["Name"] = described.Name,
                ["Version"] = described.Version,
                ["ApiVersion"] = described.ApiVersion,
                ["Architecture"] = described.Architecture,
                ["Cpus"] = described.CpuCount,
                ["MemoryBytes"] = described.MemoryBytes,
            };
        }
        catch (EngineException failure)
        {
            return new JsonObject { ["Problem"] = failure.Message };
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return new JsonObject { ["Problem"] = $"The engine at {options.EngineSocket} did not answer within {_engineTimeout.TotalSeconds:0} s. Check that it runs." };
        }
    }
}
