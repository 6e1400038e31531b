using System.Net;
using System.Security.Cryptography;

namespace Sanbashi.Acceptance.Tests.Load;

/// <summary>Sends a body in pieces with pauses between them, and compares what the application says it got.</summary>
internal sealed class UploadClient(Uri gateway, string host, LoadReport report) : LoadClient("upload", report)
{
    private const int Pieces = 10;
    private static readonly byte[] _piece = [.. Enumerable.Range(0, 32 * 1024).Select(i => (byte)(i * 31))];
    private static readonly string _expected = Expected();
    private readonly HttpClient _http = NewConnection();

    protected override async Task Exchange(CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway, "/upload")) { Headers = { Host = host }, Content = new SlowContent() };
        using var response = await _http.SendAsync(request, CancellationToken.None);
        var body = await response.Content.ReadAsStringAsync(CancellationToken.None);
        if (!IsExpected(response, body))
        {
            return;
        }

        if (body == _expected)
        {
            Report.Succeeded(Kind, null);
        }
        else
        {
            Report.Failed(Kind, $"the application got '{body}' instead of '{_expected}'");
        }
    }

    protected override void Close() => _http.Dispose();

    private static string Expected()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (var i = 0; i < Pieces; i++)
        {
            hash.AppendData(_piece);
        }

        return $"{Pieces * _piece.Length} {Convert.ToHexStringLower(hash.GetHashAndReset())}";
    }

    private sealed class SlowContent : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            for (var i = 0; i < Pieces; i++)
            {
                await stream.WriteAsync(_piece);
                await stream.FlushAsync();
                await Task.Delay(TimeSpan.FromMilliseconds(100));
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = Pieces * _piece.Length;
            return true;
        }
    }
}
