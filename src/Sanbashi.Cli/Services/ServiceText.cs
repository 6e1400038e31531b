using System.Globalization;
using System.Text.Json.Nodes;
using Sanbashi.Cli.Terminal;
using Spectre.Console;

namespace Sanbashi.Cli.Services;

/// <summary>The API's values as people read them.</summary>
internal static class ServiceText
{
    private const string DeploymentMark = "[AppRunner] ";

    /// <summary>Timestamps are seconds since the epoch, with a fraction.</summary>
    public static DateTimeOffset? Time(JsonNode? value) =>
        value is null ? null : DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds(value.GetValue<double>());

    public static string Age(JsonNode? value, TimeProvider timeProvider) =>
        Time(value) is { } time ? Durations.Text(timeProvider.GetUtcNow() - time) : "-";

    public static string Local(DateTimeOffset time) => time.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>A line of a deployment log without the mark that App Runner puts before each.</summary>
    public static string Step(string line) => line.StartsWith(DeploymentMark, StringComparison.Ordinal) ? line[DeploymentMark.Length..] : line;

    /// <summary>A state in its colour, as markup.</summary>
    public static string Status(string? status) => status switch
    {
        "RUNNING" or "SUCCEEDED" or "HEALTHY" or "ACTIVE" => $"[green]{status}[/]",
        "CREATE_FAILED" or "DELETE_FAILED" or "FAILED" or "ROLLBACK_FAILED" or "ROLLBACK_SUCCEEDED" or "UNHEALTHY" or "EXITED" => $"[red]{status}[/]",
        "OPERATION_IN_PROGRESS" or "IN_PROGRESS" or "PENDING" or "ROLLBACK_IN_PROGRESS" or "DEPLOYING" or "CANARY" or "DRAINING" => $"[yellow]{status}[/]",
        null => "-",
        _ => status.EscapeMarkup(),
    };

    /// <summary><c>1 vCPU, 2 GB</c> from the API's 1024 and 2048.</summary>
    public static string Size(JsonNode? configuration)
    {
        var cpu = Number(configuration?["Cpu"]);
        var memory = Number(configuration?["Memory"]);
        return string.Create(CultureInfo.InvariantCulture, $"{cpu / 1024:0.##} vCPU, {(memory < 1024 ? $"{memory:0} MB" : $"{memory / 1024:0.##} GB")}");
    }

    private static double Number(JsonNode? value) =>
        double.TryParse((string?)value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
