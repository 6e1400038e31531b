using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Sanbashi.Wire;

/// <summary>What a request says about its own signature, well-formed but not verified.</summary>
/// <param name="Scope">The key and what the signature is for.</param>
/// <param name="SignedHeaders">The names of the headers that are signed, in the order given.</param>
/// <param name="Signature">The signature in hex.</param>
/// <param name="Timestamp">The time in AWS's basic format, as signed.</param>
/// <param name="SignedAt">The same time.</param>
/// <param name="SessionToken">The session token, when one is sent.</param>
/// <param name="PayloadHash">What stands for the body in the signed text, when the request states it.</param>
/// <param name="Lifetime">How long a presigned request is valid; <c>null</c> in the header form.</param>
internal sealed partial record SignatureClaim(
    CredentialScope Scope,
    string[] SignedHeaders,
    string Signature,
    string Timestamp,
    DateTimeOffset SignedAt,
    string? SessionToken,
    string? PayloadHash,
    TimeSpan? Lifetime)
{
    /// <summary>The longest life of a presigned request, as in AWS.</summary>
    public static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(7);

    private const string Sha256Header = "x-amz-content-sha256";

    /// <summary>Reads the claim of a request in either form.</summary>
    /// <exception cref="ApiException">The request is not signed, or the signature lacks a part.</exception>
    public static SignatureClaim Read(IHeaderDictionary headers, string rawQuery)
    {
        var isPresigned = PresignedQuery.IsSigned(rawQuery);
        return headers.Authorization switch
        {
            [] when isPresigned => ReadQuery(headers, rawQuery),
            [] => throw new ApiException(CommonErrors.MissingAuthenticationToken, "Missing Authentication Token"),
            [{ } authorization] when !isPresigned => ReadHeader(headers, authorization),
            _ => throw Incomplete("Only one authentication mechanism is allowed: one Authorization header, or the X-Amz- parameters of the query string."),
        };
    }

    private static SignatureClaim ReadHeader(IHeaderDictionary headers, string authorization)
    {
        CheckAlgorithm(AuthorizationHeader.Scheme(authorization));
        var missing = new[] { "Credential", "Signature", "SignedHeaders" }
            .Where(field => AuthorizationHeader.Find(authorization, field) is null)
            .Select(field => $"Authorization header requires '{field}' parameter.");
        var (timestamp, signedAt) = ReadTime(headers);
        var isDated = timestamp is not null
            ? []
            : new[] { "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header." };
        if (string.Join(' ', [.. missing, .. isDated]) is { Length: > 0 } problems)
        {
            throw Incomplete(problems);
        }

        return new SignatureClaim(
            ReadScope(AuthorizationHeader.Find(authorization, "Credential")!, timestamp!),
            ReadSignedHeaders(AuthorizationHeader.Find(authorization, "SignedHeaders")!),
            AuthorizationHeader.Find(authorization, "Signature")!,
            timestamp!,
            signedAt,
            Single(headers, "X-Amz-Security-Token"),
            Single(headers, Sha256Header),
            Lifetime: null);
    }

    private static SignatureClaim ReadQuery(IHeaderDictionary headers, string rawQuery)
    {
        string Required(string name) => PresignedQuery.Find(rawQuery, name)
            ?? throw Incomplete($"AWS query-string parameters must include '{name}', once. Re-examine the query-string parameters.");

        CheckAlgorithm(Required(PresignedQuery.Algorithm));
        var credential = Required(PresignedQuery.Credential);
        var signature = Required(PresignedQuery.Signature);
        var signedHeaders = Required(PresignedQuery.SignedHeaders);
        var timestamp = Required(PresignedQuery.Date);
        if (ParseBasic(timestamp) is not { } signedAt)
        {
            throw Incomplete("X-Amz-Date must be in ISO-8601 'basic format', such as 20260102T030405Z.");
        }

        if (!int.TryParse(Required(PresignedQuery.Expires), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            || seconds < 1
            || seconds > MaxLifetime.TotalSeconds)
        {
            throw Incomplete("X-Amz-Expires must be a number of seconds from 1 to 604800.");
        }

        return new SignatureClaim(
            ReadScope(credential, timestamp),
            ReadSignedHeaders(signedHeaders),
            signature,
            timestamp,
            signedAt,
            PresignedQuery.Find(rawQuery, PresignedQuery.SecurityToken),
            PresignedQuery.Find(rawQuery, PresignedQuery.ContentSha256) ?? Single(headers, Sha256Header),
            TimeSpan.FromSeconds(seconds));
    }

    private static CredentialScope ReadScope(string credential, string timestamp)
    {
        var scope = CredentialScope.Parse(credential) ?? throw Incomplete(
            $"Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '{Excerpt.Of(credential, 100)}'");
        if (scope.Terminator != CredentialScope.ExpectedTerminator)
        {
            throw Invalid($"Credential should be scoped with a valid terminator: '{CredentialScope.ExpectedTerminator}', not '{Excerpt.Of(scope.Terminator, 40)}'.");
        }

        if (scope.Date != timestamp[..8])
        {
            throw Invalid(
                "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
                + $"'{Excerpt.Of(scope.Date, 40)}' != '{timestamp[..8]}', from '{timestamp}'.");
        }

        if (!RegionName().IsMatch(scope.Region))
        {
            throw Invalid("Credential should be scoped to a valid region.");
        }

        if (!ServiceName().IsMatch(scope.Service))
        {
            throw Invalid("Credential should be scoped to a valid service.");
        }

        return scope;
    }

    /// <summary>Only characters of header names: anything else, a line end above all, could shift parts of the signed text.</summary>
    private static string[] ReadSignedHeaders(string text)
    {
        var names = text.Split(';');
        return names.All(name => HeaderName().IsMatch(name))
            ? names
            : throw Incomplete("SignedHeaders must be header names in lower case, separated by semicolons.");
    }

    private static (string? Timestamp, DateTimeOffset SignedAt) ReadTime(IHeaderDictionary headers)
    {
        if (Single(headers, "X-Amz-Date") is { } basic)
        {
            return ParseBasic(basic) is { } time ? (basic, time) : default;
        }

        // RFC 1123; Python writes the unknown local zone as -0000.
        return Single(headers, "Date") is { } date
            && DateTimeOffset.TryParseExact(
                date.Replace("-0000", "GMT", StringComparison.Ordinal).Replace("+0000", "GMT", StringComparison.Ordinal),
                "r",
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var sent)
            ? (sent.UtcDateTime.ToString(CanonicalRequest.TimestampFormat, CultureInfo.InvariantCulture), sent)
            : default;
    }

    private static DateTimeOffset? ParseBasic(string text) => DateTimeOffset.TryParseExact(
        text,
        CanonicalRequest.TimestampFormat,
        CultureInfo.InvariantCulture,
        DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
        out var time)
        ? time
        : null;

    private static string? Single(IHeaderDictionary headers, string name) => headers[name] is [{ Length: > 0 } value] ? value : null;

    private static void CheckAlgorithm(string algorithm)
    {
        if (algorithm != CanonicalRequest.Algorithm)
        {
            throw Incomplete($"Unsupported AWS 'algorithm': '{Excerpt.Of(algorithm, 40)}'. Sign with {CanonicalRequest.Algorithm}.");
        }
    }

    private static ApiException Incomplete(string message) => new(CommonErrors.IncompleteSignature, message);

    private static ApiException Invalid(string message) => new(CommonErrors.InvalidSignature, message);

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\z")]
    private static partial Regex RegionName();

    [GeneratedRegex(@"\A[a-z0-9](?:[a-z0-9._-]{0,61}[a-z0-9])?\z")]
    private static partial Regex ServiceName();

    [GeneratedRegex(@"\A[a-z0-9!#$%&'*+.^_`|~-]+\z")]
    private static partial Regex HeaderName();
}
