using System.Text.Json.Nodes;

namespace Sanbashi.Acceptance.Tests.Platforms;

/// <summary>What tests vary in a service.</summary>
internal sealed record ServiceRequest
{
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>References by variable.</summary>
    public IReadOnlyDictionary<string, string> Secrets { get; init; } = new Dictionary<string, string>();

    public int? Port { get; init; }

    public string? StartCommand { get; init; }

    public string? HealthPath { get; init; }

    public int? HealthInterval { get; init; }

    public int? UnhealthyThreshold { get; init; }

    /// <summary>In megabytes; 512 goes with a quarter of a CPU, everything else with one.</summary>
    public int Memory { get; init; } = 2048;

    public string? AutoScalingConfigurationArn { get; init; }

    public string? VpcConnectorArn { get; init; }

    public bool IsPrivate { get; init; }

    public string? InstanceRoleArn { get; init; }

    /// <summary>Extension settings, without their prefix.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    public JsonObject Source(string image)
    {
        var configuration = new JsonObject();
        if (Variables.Count > 0)
        {
            configuration["RuntimeEnvironmentVariables"] = new JsonObject(Variables.Select(variable => KeyValuePair.Create(variable.Key, (JsonNode?)variable.Value)));
        }

        if (Secrets.Count > 0)
        {
            configuration["RuntimeEnvironmentSecrets"] = new JsonObject(Secrets.Select(secret => KeyValuePair.Create(secret.Key, (JsonNode?)secret.Value)));
        }

        if (Port is { } port)
        {
            configuration["Port"] = $"{port}";
        }

        if (StartCommand is not null)
        {
            configuration["StartCommand"] = StartCommand;
        }

        return new JsonObject
        {
            ["ImageRepository"] = new JsonObject { ["ImageIdentifier"] = image, ["ImageRepositoryType"] = "ECR_PUBLIC", ["ImageConfiguration"] = configuration },
            ["AutoDeploymentsEnabled"] = false,
        };
    }

    public JsonObject Create(string name, string image)
    {
        var request = new JsonObject
        {
            ["ServiceName"] = name,
            ["SourceConfiguration"] = Source(image),
            ["InstanceConfiguration"] = new JsonObject { ["Cpu"] = Memory == 512 ? "256" : "1024", ["Memory"] = $"{Memory}" },
        };
        if (HealthPath is not null || HealthInterval is not null || UnhealthyThreshold is not null)
        {
            var check = new JsonObject { ["Protocol"] = HealthPath is null ? "TCP" : "HTTP" };
            if (HealthPath is not null)
            {
                check["Path"] = HealthPath;
            }

            if (HealthInterval is { } interval)
            {
                check["Interval"] = interval;
            }

            if (UnhealthyThreshold is { } threshold)
            {
                check["UnhealthyThreshold"] = threshold;
            }

            request["HealthCheckConfiguration"] = check;
        }

        if (InstanceRoleArn is not null)
        {
            request["InstanceConfiguration"]!["InstanceRoleArn"] = InstanceRoleArn;
        }

        if (AutoScalingConfigurationArn is not null)
        {
            request["AutoScalingConfigurationArn"] = AutoScalingConfigurationArn;
        }

        if (VpcConnectorArn is not null || IsPrivate)
        {
            var egress = VpcConnectorArn is null ? null : new JsonObject { ["EgressType"] = "VPC", ["VpcConnectorArn"] = VpcConnectorArn };
            request["NetworkConfiguration"] = new JsonObject { ["EgressConfiguration"] = egress, ["IngressConfiguration"] = new JsonObject { ["IsPubliclyAccessible"] = !IsPrivate } };
        }

        if (Settings.Count > 0)
        {
            request["Tags"] = new JsonArray([.. Settings.Select(setting => (JsonNode)new JsonObject { ["Key"] = $"sanbashi:{setting.Key}", ["Value"] = setting.Value })]);
        }

        return request;
    }
}
