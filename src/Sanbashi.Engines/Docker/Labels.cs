namespace Sanbashi.Engines.Docker;

/// <summary>Labels that everything can be recovered from.</summary>
internal static class Labels
{
    public const string Installation = "sanbashi.installation";
    public const string Service = "sanbashi.service";
    public const string ServiceName = "sanbashi.service-name";
    public const string Revision = "sanbashi.revision";
    public const string Instance = "sanbashi.instance";

    /// <summary><see cref="HolderRole"/> or <see cref="ContainerRole"/>.</summary>
    public const string Role = "sanbashi.role";

    public const string HolderRole = "holder";
    public const string ContainerRole = "container";

    /// <summary>The container's name within its instance.</summary>
    public const string Container = "sanbashi.container";

    /// <summary>On the holder: names of all containers that belong to the instance, main first, separated by commas.</summary>
    public const string Containers = "sanbashi.containers";

    /// <summary>On the holder: the port that the main container answers on.</summary>
    public const string Port = "sanbashi.port";

    /// <summary>On the holder: the instance has files that are in memory only.</summary>
    public const string SecretFiles = "sanbashi.secret-files";

    /// <summary>On the holder: CPU units and mebibytes of the instance, so that a budget can be recovered.</summary>
    public const string Cpu = "sanbashi.cpu";

    public const string Memory = "sanbashi.memory";

    /// <summary>On networks and holders: the VPC.</summary>
    public const string Vpc = "sanbashi.vpc";

    /// <summary>On whatever is in a VPC, containers that others attach included: the subnet that it counts to.</summary>
    public const string Subnet = "sanbashi.subnet";

    /// <summary>The same: the security groups that it is a member of, separated by commas.</summary>
    public const string SecurityGroups = "sanbashi.security-groups";
}
