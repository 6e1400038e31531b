using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;

namespace Sanbashi.Cli.Logs;

/// <summary>An instance as people name it: by the beginning of its id.</summary>
internal static class InstanceReference
{
    private const int FullLength = 32;

    public static async Task<string> Id(PlatformConnection platform, string serviceArn, string prefix, CancellationToken cancellationToken)
    {
        if (prefix.Length == FullLength)
        {
            // It may have ended long ago and still have logs.
            return prefix;
        }

        var instances = (await platform.Api.Sanbashi("DescribeInstances", new JsonObject { ["ServiceArn"] = serviceArn }, cancellationToken))["Instances"]!.AsArray();
        var ids = instances.Select(instance => (string)instance!["InstanceId"]!).ToList();
        return ids.Where(id => id.StartsWith(prefix, StringComparison.Ordinal)).ToList() switch
        {
            [var only] => only,
            [] => throw new CliException(
                ExitCodes.NotFound,
                ids.Count == 0 ? "The service has no instance now." : $"The service has no instance {prefix}; it has {string.Join(", ", ids)}."),
            var several => throw new CliException(ExitCodes.Usage, $"{prefix} is the beginning of several instances: {string.Join(", ", several)}."),
        };
    }
}
