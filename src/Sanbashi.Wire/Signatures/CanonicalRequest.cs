using System.Security.Cryptography;
using System.Text;

namespace Sanbashi.Wire;

/// <summary>The text that a signature is over, and the signature over it. Used by the signer and the verifier alike.</summary>
internal static class CanonicalRequest
{
    public const string Algorithm = "AWS4-HMAC-SHA256";
    public const string TimestampFormat = "yyyyMMdd'T'HHmmss'Z'";
    public const string UnsignedPayload = "UNSIGNED-PAYLOAD";
    public const string EmptyPayloadHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <param name="method">The HTTP method in upper case.</param>
    /// <param name="path">The canonical path.</param>
    /// <param name="query">The canonical query.</param>
    /// <param name="headers">Signed headers in the order of <paramref name="signedHeaders"/>, lower-case names, canonical values.</param>
    /// <param name="signedHeaders">Their names, joined by semicolons.</param>
    /// <param name="payloadHash">The hash of the body in lower-case hex, or a literal that stands for it.</param>
    public static string Build(
        string method,
        string path,
        string query,
        IEnumerable<(string Name, string Value)> headers,
        string signedHeaders,
        string payloadHash)
    {
        var text = new StringBuilder(512);
        text.Append(method).Append('\n').Append(path).Append('\n').Append(query).Append('\n');
        foreach (var (name, value) in headers)
        {
            text.Append(name).Append(':').Append(value).Append('\n');
        }

        return text.Append('\n').Append(signedHeaders).Append('\n').Append(payloadHash).ToString();
    }

    /// <summary>Trims a header's value and folds white space in it to single spaces.</summary>
    public static string HeaderValue(string value) =>
        string.Join(' ', value.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The signature in lower-case hex.</summary>
    public static string Sign(string secretAccessKey, CredentialScope scope, string timestamp, string canonicalRequest)
    {
        var hash = Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonicalRequest)));
        var text = $"{Algorithm}\n{timestamp}\n{scope.Signed}\n{hash}";
        var key = Hmac(Encoding.UTF8.GetBytes("AWS4" + secretAccessKey), scope.Date);
        key = Hmac(key, scope.Region);
        key = Hmac(key, scope.Service);
        key = Hmac(key, scope.Terminator);
        return Hex(Hmac(key, text));
    }

    public static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
