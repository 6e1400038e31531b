using System.Collections.Concurrent;
using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Sanbashi.Engines.Tests.Hosts;

/// <summary>An image registry for reading, on 127.0.0.1, where engines accept plain HTTP.</summary>
internal sealed class TestRegistry : IAsyncDisposable
{
    public const string User = "reader";
    public const string Password = "open sesame";

    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";
    private const string IndexType = "application/vnd.oci.image.index.v1+json";

    private readonly WebApplication _server;
    private readonly ConcurrentDictionary<string, (byte[] Content, string Type)> _documents = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<string> _requests = new();

    private TestRegistry()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(Answer);
    }

    public string Name => new Uri(_server.Urls.First()).Authority;

    /// <summary>Ask for a token, as Docker Hub does.</summary>
    public bool IsPrivate { get; set; }

    /// <summary>Answer every request with this instead.</summary>
    public HttpStatusCode? Fault { get; set; }

    public IReadOnlyList<string> Requests => [.. _requests];

    public static async Task<TestRegistry> Start()
    {
        var registry = new TestRegistry();
        await registry._server.StartAsync();
        return registry;
    }

    /// <summary>Adds an image with busybox; answers its manifest's digest.</summary>
    public string Push(string repository, string tag, string text, string architecture = "")
    {
        var (layer, difference) = Layer(text);
        var configuration = Encoding.UTF8.GetBytes(
            $$$"""
            {"architecture":"{{{(architecture.Length > 0 ? architecture : Machine)}}}","os":"linux","config":{"Cmd":["/bin/busybox","cat","/text"],"ExposedPorts":{"7000/tcp":{},"53/udp":{},"80/tcp":{}} },"rootfs":{"type":"layers","diff_ids":["{{{difference}}}"]},"history":[{"created":"1970-01-01T00:00:00Z"}]}
            """);
        var manifest = Encoding.UTF8.GetBytes(
            $$$"""
            {"schemaVersion":2,"mediaType":"{{{ManifestType}}}","config":{"mediaType":"application/vnd.docker.container.image.v1+json","size":{{{configuration.Length}}},"digest":"{{{Blob(repository, configuration)}}}"},"layers":[{"mediaType":"application/vnd.docker.image.rootfs.diff.tar.gzip","size":{{{layer.Length}}},"digest":"{{{Blob(repository, layer)}}}"}]}
            """);
        return Manifest(repository, tag, manifest, ManifestType);
    }

    /// <summary>Adds an index over images that were pushed before.</summary>
    public string PushIndex(string repository, string tag, params (string Architecture, string Digest)[] images)
    {
        var entries = images.Select(image =>
            $$$"""{"mediaType":"{{{ManifestType}}}","size":{{{_documents[$"/v2/{repository}/manifests/{image.Digest}"].Content.Length}}},"digest":"{{{image.Digest}}}","platform":{"architecture":"{{{image.Architecture}}}","os":"linux"}}""");
        return Manifest(repository, tag, Encoding.UTF8.GetBytes($$"""{"schemaVersion":2,"mediaType":"{{IndexType}}","manifests":[{{string.Join(',', entries)}}]}"""), IndexType);
    }

    public static string Machine => System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private static string Digest(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static (byte[] Compressed, string Difference) Layer(string text)
    {
        using var tar = new MemoryStream();
        using (var writer = new TarWriter(tar, TarEntryFormat.Ustar, leaveOpen: true))
        {
            writer.WriteEntry("/bin/busybox", "bin/busybox");
            writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "text") { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });
        }

        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(tar.ToArray());
        }

        return (compressed.ToArray(), Digest(tar.ToArray()));
    }

    private string Blob(string repository, byte[] content)
    {
        var digest = Digest(content);
        _documents[$"/v2/{repository}/blobs/{digest}"] = (content, "application/octet-stream");
        return digest;
    }

    private string Manifest(string repository, string tag, byte[] content, string type)
    {
        var digest = Digest(content);
        _documents[$"/v2/{repository}/manifests/{tag}"] = (content, type);
        _documents[$"/v2/{repository}/manifests/{digest}"] = (content, type);
        return digest;
    }

    private async Task Answer(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "";
        _requests.Enqueue($"{context.Request.Method} {path}");
        context.Response.Headers["Docker-Distribution-Api-Version"] = "registry/2.0";
        if (Fault is { } fault)
        {
            context.Response.StatusCode = (int)fault;
        }
        else if (path == "/token")
        {
            await GiveToken(context);
        }
        else if (IsPrivate && context.Request.Headers.Authorization.ToString() != "Bearer a-token")
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = $"Bearer realm=\"http://{Name}/token\",service=\"tests\"" + Scope(path);
        }
        else if (path == "/v2/")
        {
            await context.Response.WriteAsync("{}");
        }
        else if (_documents.TryGetValue(path, out var document))
        {
            context.Response.ContentType = document.Type;
            context.Response.ContentLength = document.Content.Length;
            context.Response.Headers["Docker-Content-Digest"] = Digest(document.Content);
            if (context.Request.Method == "GET")
            {
                await context.Response.Body.WriteAsync(document.Content);
            }
        }
        else
        {
            context.Response.StatusCode = 404;
            await context.Response.WriteAsync("""{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}""");
        }
    }

    private static string Scope(string path) =>
        path.Split('/') is ["", "v2", .. { Length: > 2 } repository] ? $",scope=\"repository:{string.Join('/', repository[..^2])}:pull\"" : "";

    private static async Task GiveToken(HttpContext context)
    {
        var expected = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{User}:{Password}"));
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync() : null;
        if (context.Request.Headers.Authorization.ToString() != expected && form?["refresh_token"].ToString() != "identity")
        {
            context.Response.StatusCode = 401;
            return;
        }

        await context.Response.WriteAsync("""{"token":"a-token","expires_in":60}""");
    }
}
