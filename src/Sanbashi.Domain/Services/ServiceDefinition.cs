using Sanbashi.Domain.Workloads;

namespace Sanbashi.Domain.Services;

/// <summary>An App Runner service as its API describes it, normalised: one projection of a workload.</summary>
public sealed record ServiceDefinition
{
    public required ImageSource Image { get; init; }

    public bool AutoDeploymentsEnabled { get; init; }

    public string? AccessRoleArn { get; init; }

    /// <summary>CPU units, one of 256, 512, 1024, 2048, 4096.</summary>
    public int CpuUnits { get; init; } = 1024;

    /// <summary>Mebibytes.</summary>
    public int MemoryMegabytes { get; init; } = 2048;

    public string? InstanceRoleArn { get; init; }

    public HealthCheck HealthCheck { get; init; } = new();

    /// <summary>Full ARN, revision and id included.</summary>
    public required string AutoScalingConfigurationArn { get; init; }

    public NetworkDefinition Network { get; init; } = new();

    public string? KmsKeyArn { get; init; }

    public bool ObservabilityEnabled { get; init; }

    public string? ObservabilityConfigurationArn { get; init; }
}

/// <summary>An image and how its main container runs.</summary>
public sealed record ImageSource
{
    /// <summary>As given: any OCI reference.</summary>
    public required string Identifier { get; init; }

    /// <summary><c>ECR</c> or <c>ECR_PUBLIC</c>, echoed only.</summary>
    public required string RepositoryType { get; init; }

    /// <summary>TCP port, 1-65535, default 8080.</summary>
    public int Port { get; init; } = 8080;

    /// <summary>One line; split by shell quoting rules and run without a shell.</summary>
    public string? StartCommand { get; init; }

    public IReadOnlyDictionary<string, string> EnvironmentVariables { get; init; } = new Dictionary<string, string>();

    /// <summary>Variable name to secret reference.</summary>
    public IReadOnlyDictionary<string, string> EnvironmentSecrets { get; init; } = new Dictionary<string, string>();
}

public sealed record NetworkDefinition
{
    public string EgressType { get; init; } = "DEFAULT";

    public string? VpcConnectorArn { get; init; }

    public bool IsPubliclyAccessible { get; init; } = true;

    public string IpAddressType { get; init; } = "IPV4";
}
