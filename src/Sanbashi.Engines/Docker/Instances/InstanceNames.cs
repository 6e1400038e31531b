using Sanbashi.Domain.Workloads;

namespace Sanbashi.Engines.Docker.Instances;

/// <summary>Names of an instance's objects, made for a person who looks at <c>docker ps</c>. Labels identify; names only have to be free.</summary>
internal static class InstanceNames
{
    private const int LongestServiceName = 40;

    public static string Holder(InstanceIdentity identity) => Base(identity, 8);

    public static string Container(InstanceIdentity identity, string container) => $"{Base(identity, 8)}-{Clean(container)}";

    /// <summary>When the usual name is taken by another object.</summary>
    public static string Unique(string name, InstanceIdentity identity) => $"{name}-{identity.InstanceId}";

    /// <summary>At most 63 characters, as DNS demands.</summary>
    public static string Hostname(InstanceIdentity identity)
    {
        var service = Clean(identity.ServiceName).Replace('_', '-').Replace('.', '-').Trim('-');
        return $"{(service.Length > 0 ? service[..Math.Min(service.Length, LongestServiceName)].Trim('-') : "instance")}-{Head(identity, 8)}";
    }

    private static string Base(InstanceIdentity identity, int digits)
    {
        var service = Clean(identity.ServiceName);
        return $"sanbashi-{service[..Math.Min(service.Length, LongestServiceName)]}-{identity.Revision}-{Head(identity, digits)}";
    }

    private static string Head(InstanceIdentity identity, int digits) => identity.InstanceId[..Math.Min(digits, identity.InstanceId.Length)];

    // What engines allow in names: [a-zA-Z0-9][a-zA-Z0-9_.-]*
    private static string Clean(string name) =>
        string.Create(name.Length, name, static (to, from) =>
        {
            for (var i = 0; i < from.Length; i++)
            {
                to[i] = char.IsAsciiLetterOrDigit(from[i]) || from[i] is '_' or '.' or '-' ? from[i] : '-';
            }
        });
}
