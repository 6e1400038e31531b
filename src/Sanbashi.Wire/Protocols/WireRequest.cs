using Microsoft.AspNetCore.Http;

namespace Sanbashi.Wire;

/// <summary>A request as protocols see it: everything raw, nothing decoded that a signature is over.</summary>
public sealed class WireRequest
{
    private IReadOnlyList<KeyValuePair<string, string>>? _parameters;

    internal WireRequest(HttpContext context)
    {
        Method = context.Request.Method;
        Headers = context.Request.Headers;
        ContentType = MediaType(context.Request.ContentType);
        RouteValues = context.Request.RouteValues;
        (RawPath, RawQuery) = RawTarget.Split(context);
        Scope = CredentialScope.TryFind(Headers, RawQuery);
    }

    /// <summary>The HTTP method.</summary>
    public string Method { get; }

    /// <summary>The path as sent, still percent-encoded.</summary>
    public string RawPath { get; }

    /// <summary>The query string as sent, without the question mark; empty when there is none.</summary>
    public string RawQuery { get; }

    /// <summary>The headers.</summary>
    public IHeaderDictionary Headers { get; }

    /// <summary>The content type in lower case, without parameters; empty when there is none.</summary>
    public string ContentType { get; }

    /// <summary>The whole body.</summary>
    public ReadOnlyMemory<byte> Body { get; internal set; }

    /// <summary>What routing took from the path, for REST protocols.</summary>
    public IReadOnlyDictionary<string, object?> RouteValues { get; }

    /// <summary>The scope that the signature claims, not verified yet; <c>null</c> when the request is not signed.</summary>
    public CredentialScope? Scope { get; }

    /// <summary>The parameters of the query string, then those of a form body, decoded and in the order sent.</summary>
    /// <exception cref="ApiException">They are not well-formed.</exception>
    public IReadOnlyList<KeyValuePair<string, string>> Parameters => _parameters ??=
    [
        .. FormParameters.Parse(RawQuery),
        .. ContentType == FormParameters.ContentType ? FormParameters.Parse(Body.Span) : [],
    ];

    private static string MediaType(string? contentType)
    {
        if (contentType is null)
        {
            return "";
        }

        var end = contentType.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? contentType : contentType[..end]).Trim().ToLowerInvariant();
    }
}
