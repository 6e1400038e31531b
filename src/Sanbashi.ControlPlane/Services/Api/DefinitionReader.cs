using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Workloads;

namespace Sanbashi.ControlPlane.Services.Api;

/// <summary>Reads what a service is from the input of CreateService and UpdateService: given members replace those there are, one by one.</summary>
internal static class DefinitionReader
{
    private const string Vpc = "VPC";

    public static ServiceDefinition Create(JsonObject input, string autoScalingArn)
    {
        var source = input.Object("SourceConfiguration") ?? throw ApiErrors.InvalidRequest("SourceConfiguration is missing.");
        return new ServiceDefinition
        {
            Image = SourceReader.Create(source),
            AutoScalingConfigurationArn = autoScalingArn,
            KmsKeyArn = input.Object("EncryptionConfiguration")?.Text("KmsKey"),
        }.With(input);
    }

    public static ServiceDefinition Update(ServiceDefinition current, JsonObject input, string? autoScalingArn)
    {
        var image = input.Object("SourceConfiguration") is { } source ? SourceReader.Update(current.Image, source) : current.Image;
        return (current with
        {
            Image = image,
            AutoScalingConfigurationArn = autoScalingArn ?? current.AutoScalingConfigurationArn,
        }).With(input);
    }

    /// <summary>What both calls read in the same way.</summary>
    private static ServiceDefinition With(this ServiceDefinition definition, JsonObject input)
    {
        definition = SourceReader.WithDeployments(definition, input.Object("SourceConfiguration"));
        definition = WithInstance(definition, input.Object("InstanceConfiguration"));
        CheckObservability(input.Object("ObservabilityConfiguration"));
        return definition with
        {
            HealthCheck = WithHealthCheck(definition.HealthCheck, input.Object("HealthCheckConfiguration")),
            Network = WithNetwork(definition.Network, input.Object("NetworkConfiguration")),
        };
    }

    private static ServiceDefinition WithInstance(ServiceDefinition definition, JsonObject? input)
    {
        var merged = definition with
        {
            CpuUnits = input?.Text("Cpu") is { } cpu ? InstanceSizes.CpuUnits(cpu) : definition.CpuUnits,
            MemoryMegabytes = input?.Text("Memory") is { } memory ? InstanceSizes.MemoryMegabytes(memory) : definition.MemoryMegabytes,
            InstanceRoleArn = input?.Text("InstanceRoleArn") ?? definition.InstanceRoleArn,
        };
        InstanceSizes.CheckPair(merged.CpuUnits, merged.MemoryMegabytes);
        return merged;
    }

    private static HealthCheck WithHealthCheck(HealthCheck check, JsonObject? input)
    {
        if (input is null)
        {
            return check;
        }

        var path = input.Text("Path") ?? check.Path;
        if (!path.StartsWith('/') || path.Any(c => c <= ' ' || c == 0x7f))
        {
            throw ApiErrors.InvalidRequest($"HealthCheckConfiguration.Path '{path}' must start with '/' and have no blanks or control characters.");
        }

        return check with
        {
            Protocol = input.Text("Protocol") is { } protocol ? (protocol == "HTTP" ? HealthCheckProtocol.Http : HealthCheckProtocol.Tcp) : check.Protocol,
            Path = path,
            IntervalSeconds = input.Integer("Interval") ?? check.IntervalSeconds,
            TimeoutSeconds = input.Integer("Timeout") ?? check.TimeoutSeconds,
            HealthyThreshold = input.Integer("HealthyThreshold") ?? check.HealthyThreshold,
            UnhealthyThreshold = input.Integer("UnhealthyThreshold") ?? check.UnhealthyThreshold,
        };
    }

    private static NetworkDefinition WithNetwork(NetworkDefinition network, JsonObject? input)
    {
        if (input is null)
        {
            return network;
        }

        network = WithEgress(network, input.Object("EgressConfiguration"));
        return network with
        {
            IsPubliclyAccessible = input.Object("IngressConfiguration")?.Flag("IsPubliclyAccessible") ?? network.IsPubliclyAccessible,
            IpAddressType = input.Text("IpAddressType") ?? network.IpAddressType,
        };
    }

    /// <summary>Whether the connector is there, the operation that begins asks.</summary>
    private static NetworkDefinition WithEgress(NetworkDefinition network, JsonObject? input)
    {
        if (input is null)
        {
            return network;
        }

        // A connector alone means that it is to be used.
        var arn = input.Text("VpcConnectorArn");
        var type = input.Text("EgressType") ?? (arn is null ? network.EgressType : Vpc);
        return (type, arn ?? network.VpcConnectorArn) switch
        {
            (Vpc, { } connector) => network with { EgressType = Vpc, VpcConnectorArn = connector },
            (Vpc, null) => throw ApiErrors.InvalidRequest("NetworkConfiguration.EgressConfiguration has the EgressType VPC and no VpcConnectorArn. Give the ARN of a VPC connector (CreateVpcConnector makes one)."),
            _ when arn is not null => throw ApiErrors.InvalidRequest("NetworkConfiguration.EgressConfiguration has a VpcConnectorArn and the EgressType DEFAULT. Give EgressType VPC to use the connector."),
            _ => network with { EgressType = type, VpcConnectorArn = null },
        };
    }

    private static void CheckObservability(JsonObject? input)
    {
        if (input?.Flag("ObservabilityEnabled") == true || input?.Text("ObservabilityConfigurationArn") is not null)
        {
            throw ApiErrors.Unavailable("Traces (ObservabilityConfiguration)", "Set ObservabilityEnabled to false and send traces from the application to a collector of your own.");
        }
    }
}
