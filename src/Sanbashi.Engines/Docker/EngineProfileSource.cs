using Sanbashi.Engines.Docker.Api;

namespace Sanbashi.Engines.Docker;

/// <summary>Finds out once per connection what kind of engine answers.</summary>
internal sealed class EngineProfileSource
{
    private readonly EngineClient _client;
    private readonly SingleFlight<EngineProfile> _profile;

    public EngineProfileSource(EngineClient client)
    {
        _client = client;
        _profile = new SingleFlight<EngineProfile>(Ask);
    }

    public Task<EngineProfile> Get(CancellationToken cancellationToken) => _profile.Get(cancellationToken);

    public void Forget() => _profile.Forget();

    private async Task<EngineProfile> Ask()
    {
        var api = await _client.Version(CancellationToken.None).ConfigureAwait(false);
        var version = _client.Read(EngineCall.Get("version", "/version"), EngineJson.Default.VersionDetails, CancellationToken.None);
        var system = _client.Read(EngineCall.Get("info", "/info"), EngineJson.Default.SystemDetails, CancellationToken.None);
        await Task.WhenAll(version, system).ConfigureAwait(false);
        if ((await system.ConfigureAwait(false)).OsType is { Length: > 0 } os && os != "linux")
        {
            throw new EngineException(EngineFailure.Refused, $"The engine at {_client.Address} runs {os} containers; Linux containers are needed. Switch the engine over.");
        }

        return EngineProfile.From(await version.ConfigureAwait(false), await system.ConfigureAwait(false), api);
    }
}
