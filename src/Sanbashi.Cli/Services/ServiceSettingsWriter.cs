using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Services.Watching;
using Sanbashi.Domain.Settings;

namespace Sanbashi.Cli.Services;

/// <summary>Changes settings where they are: those that came as tags as tags, all others as settings, since a tag wins over a setting. An empty value takes one back to its default.</summary>
internal static class ServiceSettingsWriter
{
    /// <summary>Answers the operation that applies them; null when they apply without a deployment.</summary>
    public static async Task<string?> Put(
        PlatformConnection platform, string serviceArn, IReadOnlyList<KeyValuePair<string, string>> settings, CancellationToken cancellationToken)
    {
        var present = await platform.Api.Sanbashi("GetServiceSettings", new JsonObject { ["ServiceArn"] = serviceArn }, cancellationToken);
        var tagged = present["Settings"]!.AsArray()
            .Where(setting => (string?)setting!["Source"] == "TAG")
            .Select(setting => (string)setting!["Name"]!)
            .ToHashSet(StringComparer.Ordinal);
        var asTags = settings.Where(setting => tagged.Contains(setting.Key)).ToList();
        var asSettings = settings.Where(setting => !tagged.Contains(setting.Key)).ToList();
        string? operationId = null;
        if (asSettings.Count > 0)
        {
            var input = new JsonObject
            {
                ["ServiceArn"] = serviceArn,
                ["Settings"] = new JsonObject(asSettings.Select(setting => KeyValuePair.Create(setting.Key, (JsonNode?)setting.Value))),
            };
            operationId = (string?)(await platform.Api.Sanbashi("PutServiceSettings", input, cancellationToken))["OperationId"];
        }

        if (asTags.Where(setting => setting.Value.Length == 0).ToList() is { Count: > 0 } taken)
        {
            var keys = new JsonArray([.. taken.Select(setting => (JsonNode)(SettingsCatalog.TagPrefix + setting.Key))]);
            await platform.Api.AppRunner("UntagResource", new JsonObject { ["ResourceArn"] = serviceArn, ["TagKeys"] = keys }, cancellationToken);
        }

        if (asTags.Where(setting => setting.Value.Length > 0).ToList() is { Count: > 0 } changed)
        {
            var tags = new JsonArray([.. changed.Select(setting => (JsonNode)new JsonObject { ["Key"] = SettingsCatalog.TagPrefix + setting.Key, ["Value"] = setting.Value })]);
            await platform.Api.AppRunner("TagResource", new JsonObject { ["ResourceArn"] = serviceArn, ["Tags"] = tags }, cancellationToken);
        }

        return operationId ?? (asTags.Count > 0 ? await OperationInProgress(platform, serviceArn, cancellationToken) : null);
    }

    /// <summary>The answers to <c>TagResource</c> and <c>UntagResource</c> name no operation, although a tag may start one.</summary>
    private static async Task<string?> OperationInProgress(PlatformConnection platform, string serviceArn, CancellationToken cancellationToken)
    {
        var newest = (await platform.Api.AppRunner("ListOperations", new JsonObject { ["ServiceArn"] = serviceArn, ["MaxResults"] = 1 }, cancellationToken))
            ["OperationSummaryList"]!.AsArray().FirstOrDefault();
        return OperationWatch.IsEnded((string?)newest?["Status"]) ? null : (string?)newest?["Id"];
    }
}
