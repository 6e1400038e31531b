using System.Net.Http.Headers;
using Sanbashi.Engines.Docker.Api;

namespace Sanbashi.Engines.Docker.Holders;

/// <summary>Keeps the holder's image on the engine, under a tag of this installation's own.</summary>
internal sealed class HolderImage
{
    // Counts changes of the program or of its configuration.
    private const string Tag = "1";

    private readonly EngineClient _client;
    private readonly EngineProfileSource _profiles;
    private readonly SingleFlight<string> _reference;

    public HolderImage(EngineClient client, EngineProfileSource profiles, string installation)
    {
        _client = client;
        _profiles = profiles;
        Reference = $"{RepositoryPrefix}{installation}:{Tag}";
        _reference = new SingleFlight<string>(Load);
    }

    public static string RepositoryPrefix => "sanbashi-holder/";

    public string Reference { get; }

    /// <summary>What holders are created from.</summary>
    public Task<string> Ensure(CancellationToken cancellationToken) => _reference.Get(cancellationToken);

    /// <summary>The engine said that the image is gone, or may be another engine.</summary>
    public void Forget() => _reference.Forget();

    private async Task<string> Load()
    {
        if (await Find().ConfigureAwait(false) is { } present)
        {
            return present;
        }

        var profile = await _profiles.Get(CancellationToken.None).ConfigureAwait(false);
        var archive = new ByteArrayContent(HolderArchive.Create(profile.Architecture, Reference));
        archive.Headers.ContentType = new MediaTypeHeaderValue("application/x-tar");
        await _client.Do(
            EngineCall.Post("image.load", "/images/load?quiet=1") with { Body = archive, IsLong = true, Timeout = TimeSpan.FromMinutes(1) },
            CancellationToken.None).ConfigureAwait(false);
        return await Find().ConfigureAwait(false)
            ?? throw new EngineApiException("image.load", System.Net.HttpStatusCode.NotFound, $"the image {Reference} was loaded, but is not there");
    }

    private async Task<string?> Find() =>
        (await _client.Find(EngineCall.Get("image.inspect", $"/images/{Reference}/json"), EngineJson.Default.ImageDetails, CancellationToken.None)
            .ConfigureAwait(false))?.Id;
}
