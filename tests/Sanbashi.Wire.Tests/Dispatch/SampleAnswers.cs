using System.Text.Json.Nodes;

namespace Sanbashi.Wire.Tests.Dispatch;

internal static class SampleAnswers
{
    public static JsonObject Service() => new()
    {
        ["OperationId"] = "0f2b0f2b0f2b0f2b0f2b0f2b0f2b0f2b",
        ["Service"] = new JsonObject
        {
            ["ServiceName"] = "shop",
            ["ServiceId"] = "8fe18fe18fe18fe18fe18fe18fe18fe1",
            ["ServiceArn"] = "arn:aws:apprunner:local-1:000000000000:service/shop/8fe18fe18fe18fe18fe18fe18fe18fe1",
            ["CreatedAt"] = 1_700_000_000.123,
            ["UpdatedAt"] = 1_700_000_000.123,
            ["DeletedAt"] = null,
            ["Status"] = "OPERATION_IN_PROGRESS",
            ["SourceConfiguration"] = new JsonObject { ["AutoDeploymentsEnabled"] = false },
            ["InstanceConfiguration"] = new JsonObject { ["Cpu"] = "1024", ["Memory"] = "2048" },
            ["AutoScalingConfigurationSummary"] = new JsonObject { ["AutoScalingConfigurationRevision"] = 1 },
            ["NetworkConfiguration"] = new JsonObject { ["EgressConfiguration"] = new JsonObject { ["EgressType"] = "DEFAULT" } },
        },
    };
}
