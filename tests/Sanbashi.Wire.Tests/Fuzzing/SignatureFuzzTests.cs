using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Sanbashi.Wire.Tests.Signatures;

namespace Sanbashi.Wire.Tests.Fuzzing;

/// <summary>No change to a signed request is accepted, unless it only spells the same request differently.</summary>
public sealed class SignatureFuzzTests
{
    [Fact]
    public void SignedRequest_Changed_IsNeverAcceptedAsAnother() => Fuzz.Run(mutator =>
    {
        var vector = mutator.Pick(SignatureVector.All);
        var original = vector.Request();
        var changed = Change(mutator, original);
        VerifiedCaller caller;
        try
        {
            caller = vector.Verify(changed).AsTask().GetAwaiter().GetResult();
        }
        catch (ApiException)
        {
            return;
        }

        caller.AccessKeyId.ShouldBe(vector.AccessKeyId);
        caller.Region.ShouldBe(vector.Region);
        caller.Service.ShouldBe(vector.Service);
        Meaning(changed).ShouldBe(Meaning(original), vector.Name);
    });

    private static SignedRequest Change(Mutator mutator, SignedRequest request)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, values) in request.Headers)
        {
            headers[name] = values;
        }

        switch (mutator.Next(6))
        {
            case 0:
                return request with { RawPath = "/" + mutator.Change(request.RawPath[1..]) };
            case 1:
                return request with { RawQuery = mutator.Change(request.RawQuery) };
            case 2:
                return request with { Body = mutator.Change(request.Body.ToArray()) };
            case 3:
                return request with { Method = mutator.Change(request.Method) };
            case 4:
                var removed = mutator.Pick(headers.Keys.ToList());
                headers[removed] = mutator.OneIn(2) ? StringValues.Empty : StringValues.Concat(headers[removed], headers[removed]);
                return request with { Headers = headers };
            default:
                var name = mutator.Pick(headers.Keys.ToList());
                headers[name] = mutator.Change(headers[name].ToString());
                return request with { Headers = headers };
        }
    }

    /// <summary>What a request means, worked out in another way than the verifier does it.</summary>
    private static string Meaning(SignedRequest request)
    {
        var claim = SignatureClaim.Read(request.Headers, request.RawQuery);
        var segments = new Stack<string>();
        foreach (var segment in request.RawPath.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(segment => segment != "."))
        {
            if (segment != "..")
            {
                segments.Push(segment);
            }
            else if (segments.Count > 0)
            {
                segments.Pop();
            }
        }

        var query = request.RawQuery.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Select(pair => (Name: Decode(pair[0]), Value: pair.Length > 1 ? Decode(pair[1]) : ""))
            .Where(pair => pair.Name != "X-Amz-Signature")
            .OrderBy(pair => pair.Name, StringComparer.Ordinal)
            .ThenBy(pair => pair.Value, StringComparer.Ordinal);
        var headers = claim.SignedHeaders.Select(name => string.Join(
            ',', request.Headers[name].Select(value => string.Join(' ', value!.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)))));
        var body = claim.PayloadHash == "UNSIGNED-PAYLOAD" ? "" : Convert.ToBase64String(request.Body.Span);
        return string.Join(
            '\n',
            [
                request.Method,
                string.Join('/', segments.Reverse()) + (segments.Count > 0 && request.RawPath.EndsWith('/') ? "/" : ""),
                string.Join('&', query),
                claim.Scope.ToString(),
                claim.Timestamp,
                claim.Signature,
                claim.SessionToken ?? "",
                string.Join(';', claim.SignedHeaders),
                .. headers,
                body,
            ]);
    }

    /// <summary>Octets as Latin-1, so that broken UTF-8 stays distinct.</summary>
    private static string Decode(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var decoded = new StringBuilder();
        for (var index = 0; index < bytes.Length; index++)
        {
            if (bytes[index] == '%' && index + 2 < bytes.Length
                && Uri.IsHexDigit((char)bytes[index + 1]) && Uri.IsHexDigit((char)bytes[index + 2]))
            {
                decoded.Append((char)((HexValue((char)bytes[index + 1]) << 4) + HexValue((char)bytes[index + 2])));
                index += 2;
            }
            else
            {
                decoded.Append(bytes[index] == '+' ? ' ' : (char)bytes[index]);
            }
        }

        return decoded.ToString();
    }

    private static int HexValue(char digit) => Convert.ToInt32(digit.ToString(), 16);
}
