using Sanbashi.Wire;

namespace Sanbashi.Cli.Contexts;

/// <summary>A way to one platform: where it answers, with which key, and what carries the bytes.</summary>
internal sealed class PlatformConnection(
    string context, Uri endpoint, string region, ApiCredential credential, string credentialsPath, SshTunnel? tunnel) : IAsyncDisposable
{
    /// <summary>A call that takes longer than this is given up; long work is an operation that is asked about again and again.</summary>
    private static readonly TimeSpan _callTimeout = TimeSpan.FromSeconds(100);

    private readonly HttpClient _http = new() { Timeout = _callTimeout };

    public string Context => context;

    /// <summary>Where the API answers, for clients on this machine.</summary>
    public Uri Endpoint => endpoint;

    public string Region => region;

    public ApiCredential Credential => credential;

    /// <summary>A credentials file with the key, for other programs.</summary>
    public string CredentialsPath => credentialsPath;

    /// <summary>The machine that services' URLs are reached on when their names do not resolve.</summary>
    public string GatewayHost => tunnel?.Host ?? endpoint.Host;

    /// <summary>Whether the address only holds while this command runs.</summary>
    public bool IsTunnelled => tunnel is not null;

    public PlatformApi Api => new(new AwsJsonClient(_http, endpoint, credential, region, TimeProvider.System), endpoint);

    public IamApi Iam => new(new AwsQueryClient(_http, endpoint, credential, region, TimeProvider.System), endpoint);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        if (tunnel is not null)
        {
            await tunnel.DisposeAsync();
        }
    }
}
