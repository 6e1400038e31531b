using System.Globalization;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.AutoScaling;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.Services.Api;

/// <summary>Services and operations as the API shows them, with the defaults that the real service echoes.</summary>
internal sealed class ServiceAnswers(ControlPlaneOptions options)
{
    public JsonObject Service(ServiceRecord service)
    {
        var output = Summary(service);
        var definition = service.Definition;
        output["DeletedAt"] = ApiOutput.Timestamp(service.DeletedAt);
        output["SourceConfiguration"] = Source(definition);
        output["InstanceConfiguration"] = new JsonObject
        {
            ["Cpu"] = definition.CpuUnits.ToString(CultureInfo.InvariantCulture),
            ["Memory"] = definition.MemoryMegabytes.ToString(CultureInfo.InvariantCulture),
            ["InstanceRoleArn"] = definition.InstanceRoleArn,
        };
        output["EncryptionConfiguration"] = definition.KmsKeyArn is { } key ? new JsonObject { ["KmsKey"] = key } : null;
        output["HealthCheckConfiguration"] = HealthCheck(definition);
        output["AutoScalingConfigurationSummary"] = AutoScaling(definition.AutoScalingConfigurationArn);
        output["NetworkConfiguration"] = Network(definition.Network);
        output["ObservabilityConfiguration"] = new JsonObject { ["ObservabilityEnabled"] = definition.ObservabilityEnabled };
        return output;
    }

    public JsonObject Summary(ServiceRecord service) => new()
    {
        ["ServiceName"] = service.Name,
        ["ServiceId"] = service.Id,
        ["ServiceArn"] = service.Arn,
        ["ServiceUrl"] = ServiceAddress.Url(service, options),
        ["CreatedAt"] = ApiOutput.Timestamp(service.CreatedAt),
        ["UpdatedAt"] = ApiOutput.Timestamp(service.UpdatedAt),
        ["Status"] = ApiOutput.UpperSnake(service.Status),
    };

    public static JsonObject Operation(OperationRecord operation) => new()
    {
        ["Id"] = operation.Id,
        ["Type"] = ApiOutput.UpperSnake(operation.Type),
        ["Status"] = ApiOutput.UpperSnake(operation.Status),
        ["TargetArn"] = operation.TargetArn,
        ["StartedAt"] = ApiOutput.Timestamp(operation.StartedAt),
        ["EndedAt"] = ApiOutput.Timestamp(operation.EndedAt),
        ["UpdatedAt"] = ApiOutput.Timestamp(operation.UpdatedAt),
    };

    private static JsonObject Source(ServiceDefinition definition)
    {
        var image = definition.Image;
        var configuration = new JsonObject
        {
            ["Port"] = image.Port.ToString(CultureInfo.InvariantCulture),
            ["StartCommand"] = image.StartCommand,
        };
        if (image.EnvironmentVariables.Count > 0)
        {
            configuration["RuntimeEnvironmentVariables"] = ApiOutput.Map(image.EnvironmentVariables);
        }

        if (image.EnvironmentSecrets.Count > 0)
        {
            configuration["RuntimeEnvironmentSecrets"] = ApiOutput.Map(image.EnvironmentSecrets);
        }

        return new JsonObject
        {
            ["ImageRepository"] = new JsonObject
            {
                ["ImageIdentifier"] = image.Identifier,
                ["ImageConfiguration"] = configuration,
                ["ImageRepositoryType"] = image.RepositoryType,
            },
            ["AutoDeploymentsEnabled"] = definition.AutoDeploymentsEnabled,
            ["AuthenticationConfiguration"] = definition.AccessRoleArn is { } role ? new JsonObject { ["AccessRoleArn"] = role } : null,
        };
    }

    private static JsonObject HealthCheck(ServiceDefinition definition) => new()
    {
        ["Protocol"] = ApiOutput.UpperSnake(definition.HealthCheck.Protocol),
        ["Path"] = definition.HealthCheck.Path,
        ["Interval"] = definition.HealthCheck.IntervalSeconds,
        ["Timeout"] = definition.HealthCheck.TimeoutSeconds,
        ["HealthyThreshold"] = definition.HealthCheck.HealthyThreshold,
        ["UnhealthyThreshold"] = definition.HealthCheck.UnhealthyThreshold,
    };

    /// <summary>ARN, name and revision, which is what the real service sends; all are in the ARN.</summary>
    private static JsonObject AutoScaling(string text)
    {
        var arn = AutoScalingArn.Parse(text);
        return new JsonObject
        {
            ["AutoScalingConfigurationArn"] = text,
            ["AutoScalingConfigurationName"] = arn.Name,
            ["AutoScalingConfigurationRevision"] = arn.Revision,
        };
    }

    private static JsonObject Network(NetworkDefinition network) => new()
    {
        ["EgressConfiguration"] = new JsonObject { ["EgressType"] = network.EgressType, ["VpcConnectorArn"] = network.VpcConnectorArn },
        ["IngressConfiguration"] = new JsonObject { ["IsPubliclyAccessible"] = network.IsPubliclyAccessible },
        ["IpAddressType"] = network.IpAddressType,
    };
}
