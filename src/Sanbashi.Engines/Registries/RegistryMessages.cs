using System.Text.Json.Serialization;

namespace Sanbashi.Engines.Registries;

/// <summary>Of the Docker client's <c>config.json</c>, what concerns credentials.</summary>
internal sealed record DockerConfig
{
    [JsonPropertyName("auths")]
    public IReadOnlyDictionary<string, DockerAuth?>? Auths { get; init; }

    [JsonPropertyName("credsStore")]
    public string? CredentialStore { get; init; }

    [JsonPropertyName("credHelpers")]
    public IReadOnlyDictionary<string, string>? CredentialHelpers { get; init; }
}

internal sealed record DockerAuth
{
    [JsonPropertyName("auth")]
    public string? Auth { get; init; }

    [JsonPropertyName("username")]
    public string? Username { get; init; }

    [JsonPropertyName("password")]
    public string? Password { get; init; }

    [JsonPropertyName("identitytoken")]
    public string? IdentityToken { get; init; }
}

/// <summary>What a credential helper prints.</summary>
internal sealed record HelperAnswer(string? Username, string? Secret);

/// <summary>X-Registry-Auth, before its encoding.</summary>
internal sealed record EngineAuth
{
    [JsonPropertyName("username")]
    public string? Username { get; init; }

    [JsonPropertyName("password")]
    public string? Password { get; init; }

    [JsonPropertyName("identitytoken")]
    public string? IdentityToken { get; init; }

    [JsonPropertyName("serveraddress")]
    public string? ServerAddress { get; init; }
}

internal sealed record TokenAnswer
{
    [JsonPropertyName("token")]
    public string? Token { get; init; }

    [JsonPropertyName("access_token")]
    public string? AccessToken { get; init; }
}

/// <summary>An image index or a manifest; what is used of both.</summary>
internal sealed record ManifestDocument
{
    [JsonPropertyName("mediaType")]
    public string? MediaType { get; init; }

    [JsonPropertyName("manifests")]
    public IReadOnlyList<ManifestEntry>? Manifests { get; init; }

    /// <summary>Of a manifest: where the image's configuration is.</summary>
    [JsonPropertyName("config")]
    public ManifestEntry? Config { get; init; }
}

internal sealed record ManifestEntry
{
    [JsonPropertyName("digest")]
    public string? Digest { get; init; }

    [JsonPropertyName("platform")]
    public ManifestPlatform? Platform { get; init; }
}

/// <summary>Of an entry in an index; an image's configuration begins the same way.</summary>
internal sealed record ManifestPlatform
{
    [JsonPropertyName("architecture")]
    public string? Architecture { get; init; }

    [JsonPropertyName("os")]
    public string? Os { get; init; }
}

internal sealed record RegistryErrors
{
    [JsonPropertyName("errors")]
    public IReadOnlyList<RegistryError>? Errors { get; init; }
}

internal sealed record RegistryError
{
    [JsonPropertyName("code")]
    public string? Code { get; init; }

    [JsonPropertyName("message")]
    public string? Message { get; init; }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DockerConfig))]
[JsonSerializable(typeof(HelperAnswer))]
[JsonSerializable(typeof(EngineAuth))]
[JsonSerializable(typeof(Dictionary<string, EngineAuth>))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(ManifestDocument))]
[JsonSerializable(typeof(RegistryErrors))]
[JsonSerializable(typeof(ManifestPlatform))]
internal sealed partial class RegistryJson : JsonSerializerContext;
