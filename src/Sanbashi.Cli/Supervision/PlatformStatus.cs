using System.Text.Json.Serialization;

namespace Sanbashi.Cli.Supervision;

/// <summary>What a running platform says of itself: the answer to <c>status</c>, and (without the processes) the file <c>run/platform.json</c>.</summary>
/// <param name="Api">URLs of the API and the console.</param>
/// <param name="Store">Where documents are: <c>sqlite</c> for the file in the state folder, <c>external</c> for another one.</param>
/// <param name="IsUnit">Whether systemd started it and would start it again.</param>
/// <param name="Http">Address of services' HTTP, null where it does not listen.</param>
internal sealed record PlatformStatus(
    string Version, int Pid, DateTimeOffset StartedAt, string State, IReadOnlyList<string> Api, string? Http, string? Https, string? H2c,
    string Domain, string Region, string Account, string Engine, string Store, bool IsUnit, IReadOnlyList<ProcessStatus>? Processes)
{
    public static string FilePath(string stateDirectory) => Path.Combine(stateDirectory, "run", "platform.json");

    /// <summary>Whether the API and the gateway answer.</summary>
    [JsonIgnore]
    public bool IsReady => Processes is { Count: > 0 } processes && processes.All(process => process.Phase == "ready");
}

/// <param name="Phase"><c>starting</c>, <c>standby</c>, <c>ready</c>, <c>stopping</c> or <c>down</c>.</param>
/// <param name="LastEnd">How the last process in this place ended unwanted.</param>
internal sealed record ProcessStatus(
    string Name, string Phase, int? Pid, DateTimeOffset? StartedAt, int Restarts, bool IsCrashLoop, string? LastEnd, string Log, long LostLogLines);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PlatformStatus))]
internal sealed partial class SupervisionJsonContext : JsonSerializerContext;
