using System.Text;

namespace Sanbashi.ControlPlane.Services.Api;

/// <summary>The first label of a service's host name.</summary>
internal static class HostLabels
{
    /// <summary>
    /// The service's name in lower case, with '-' for '_', runs of '-' as one and none at the ends, as host names demand it
    /// (RFC 952 and 1123; labels with "--" in third place are reserved by RFC 5890).
    /// </summary>
    public static string Of(string serviceName)
    {
        var label = new StringBuilder(serviceName.Length);
        foreach (var c in serviceName)
        {
            var next = c == '_' ? '-' : char.ToLowerInvariant(c);
            if (next != '-' || (label.Length > 0 && label[^1] != '-'))
            {
                label.Append(next);
            }
        }

        return label.ToString().TrimEnd('-');
    }

    /// <summary>Labels to try in turn: the plain one, then ones that another service of that name, in this region or another, cannot have as well.</summary>
    public static IEnumerable<string> Candidates(string serviceName, string serviceId)
    {
        var label = Of(serviceName);
        return [label, $"{label}-{serviceId[..6]}", $"{label}-{serviceId[..12]}"];
    }
}
