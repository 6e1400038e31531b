using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;

namespace Sanbashi.Cli.Logs;

internal static class LastOperation
{
    /// <summary>The newest operation of the service.</summary>
    public static async Task<string> Id(PlatformConnection platform, string serviceArn, CancellationToken cancellationToken)
    {
        var answer = await platform.Api.AppRunner("ListOperations", new JsonObject { ["ServiceArn"] = serviceArn, ["MaxResults"] = 1 }, cancellationToken);
        return (string?)answer["OperationSummaryList"]!.AsArray().FirstOrDefault()?["Id"]
            ?? throw new CliException(ExitCodes.NotFound, $"{serviceArn} has had no operation.");
    }
}
