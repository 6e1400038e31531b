using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sanbashi.Engines.Docker;

namespace Sanbashi.Engines.Registries;

/// <summary>
/// Credentials as the Docker client keeps them: a helper for the registry, else the store for all, else the configuration file itself. Read anew each time, so
/// that a <c>docker login</c> counts at once.
/// </summary>
internal sealed class RegistryCredentials(string configDirectory, TimeProvider time, ILogger logger)
{
    /// <summary>What Docker Hub is called in the configuration, for historical reasons.</summary>
    private const string DockerHubKey = "https://index.docker.io/v1/";

    public async Task<RegistryCredential?> For(string registry, CancellationToken cancellationToken)
    {
        try
        {
            var config = Load();
            foreach (var key in Keys(registry))
            {
                if (Helper(config, key) is { } helper && await CredentialHelper.Get(helper, key, time, cancellationToken).ConfigureAwait(false) is { } kept)
                {
                    return kept;
                }

                if (config.Auths?.GetValueOrDefault(key) is { } auth && Decode(auth) is { } plain)
                {
                    return plain;
                }
            }

            return null;
        }
        catch (Exception failure) when (failure is InvalidOperationException or JsonException or IOException or UnauthorizedAccessException or FormatException)
        {
            EngineLog.CredentialsUnreadable(logger, registry, failure.Message);
            return null;
        }
    }

    /// <summary>Of all registries that the configuration names; for builds, whose base images come from anywhere.</summary>
    public async Task<Dictionary<string, EngineAuth>> All(CancellationToken cancellationToken)
    {
        DockerConfig config;
        try
        {
            config = Load();
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            EngineLog.CredentialsUnreadable(logger, "builds", failure.Message);
            return [];
        }

        var found = new Dictionary<string, EngineAuth>();
        foreach (var key in (config.Auths?.Keys ?? []).Union(config.CredentialHelpers?.Keys ?? []))
        {
            if (await For(key == DockerHubKey ? ImageReference.DockerHub : key, cancellationToken).ConfigureAwait(false) is { } credential)
            {
                found[key] = ToEngine(credential, key);
            }
        }

        return found;
    }

    /// <summary>The value of X-Registry-Auth: base64 that is safe in URLs, padded.</summary>
    public static string Encode(RegistryCredential? credential, string registry) =>
        UrlSafe(JsonSerializer.SerializeToUtf8Bytes(
            credential is null ? new EngineAuth() : ToEngine(credential, registry == ImageReference.DockerHub ? DockerHubKey : registry), RegistryJson.Default.EngineAuth));

    public static string Encode(Dictionary<string, EngineAuth> all) =>
        UrlSafe(JsonSerializer.SerializeToUtf8Bytes(all, RegistryJson.Default.DictionaryStringEngineAuth));

    private DockerConfig Load()
    {
        var file = Path.Combine(configDirectory, "config.json");
        return File.Exists(file) ? JsonSerializer.Deserialize(File.ReadAllBytes(file), RegistryJson.Default.DockerConfig) ?? new DockerConfig() : new DockerConfig();
    }

    private static string? Helper(DockerConfig config, string key) =>
        config.CredentialHelpers?.GetValueOrDefault(key) ?? (config.CredentialStore is { Length: > 0 } store ? store : null);

    private static string[] Keys(string registry) =>
        registry == ImageReference.DockerHub
            ? [DockerHubKey, "index.docker.io", ImageReference.DockerHub]
            : [registry, "https://" + registry, "http://" + registry];

    private static RegistryCredential? Decode(DockerAuth auth)
    {
        if (auth.IdentityToken is { Length: > 0 } token)
        {
            return new RegistryCredential("", "", token);
        }

        if (auth.Auth is not { Length: > 0 } encoded)
        {
            return auth is { Username.Length: > 0, Password: { } password } ? new RegistryCredential(auth.Username, password, null) : null;
        }

        var text = Encoding.UTF8.GetString(Convert.FromBase64String(encoded)).TrimEnd('\0');
        var colon = text.IndexOf(':');
        return colon > 0 ? new RegistryCredential(text[..colon], text[(colon + 1)..], null) : null;
    }

    private static EngineAuth ToEngine(RegistryCredential credential, string server) => credential.IdentityToken is { } token
        ? new EngineAuth { IdentityToken = token, ServerAddress = server }
        : new EngineAuth { Username = credential.Username, Password = credential.Secret, ServerAddress = server };

    private static string UrlSafe(byte[] bytes) => Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_');
}
