using System.Text.Json.Serialization;

namespace Sanbashi.Cli.Contexts;

/// <summary>A platform that commands can talk to.</summary>
/// <param name="Url"><c>http(s)://HOST:PORT</c> of its API, or <c>ssh://[USER@]HOST[:PORT]</c> of the machine it runs on.</param>
/// <param name="Region">Default region of calls; null: the platform's own, where it can be asked, else local-1.</param>
/// <param name="Credentials">For http(s): a credentials file on this machine.</param>
/// <param name="State">For ssh: the state folder on the other machine; null: its default, /var/lib/sanbashi.</param>
internal sealed record PlatformContext(string Url, string? Region = null, string? Credentials = null, string? State = null)
{
    [JsonIgnore]
    public bool IsSsh => Url.StartsWith("ssh://", StringComparison.Ordinal);
}

/// <param name="Current">The context that commands use; null: the platform on this machine.</param>
internal sealed record ContextFile(string? Current, IReadOnlyDictionary<string, PlatformContext> Contexts)
{
    public static ContextFile Empty { get; } = new(null, new Dictionary<string, PlatformContext>());
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, WriteIndented = true)]
[JsonSerializable(typeof(ContextFile))]
internal sealed partial class ContextJsonContext : JsonSerializerContext;
