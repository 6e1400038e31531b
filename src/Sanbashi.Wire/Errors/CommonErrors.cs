using System.Collections.Frozen;

namespace Sanbashi.Wire;

/// <summary>The errors that every AWS service may answer with, which no model lists, and their HTTP statuses.</summary>
internal static class CommonErrors
{
    public const string AccessDenied = "AccessDeniedException";
    public const string ExpiredToken = "ExpiredTokenException";
    public const string IncompleteSignature = "IncompleteSignatureException";
    public const string InternalFailure = "InternalFailure";
    public const string InvalidSignature = "InvalidSignatureException";
    public const string MalformedHttpRequest = "MalformedHttpRequestException";
    public const string MissingAuthenticationToken = "MissingAuthenticationTokenException";
    public const string RequestEntityTooLarge = "RequestEntityTooLargeException";
    public const string RequestTimeout = "RequestTimeoutException";
    public const string Serialization = "SerializationException";
    public const string UnknownOperation = "UnknownOperationException";
    public const string UnrecognizedClient = "UnrecognizedClientException";
    public const string Validation = "ValidationException";

    private static readonly FrozenDictionary<string, int> Statuses = new Dictionary<string, int>
    {
        [AccessDenied] = 403,
        [ExpiredToken] = 403,
        [IncompleteSignature] = 403,
        [InternalFailure] = 500,
        [InvalidSignature] = 403,
        [MalformedHttpRequest] = 400,
        [MissingAuthenticationToken] = 403,
        ["NotAuthorized"] = 401,
        ["OptInRequired"] = 403,
        ["RequestAbortedException"] = 400,
        [RequestEntityTooLarge] = 413,
        [RequestTimeout] = 408,
        [Serialization] = 400,
        ["ServiceUnavailable"] = 503,
        ["ServiceUnavailableException"] = 503,
        ["ThrottlingException"] = 400,
        [UnknownOperation] = 404,
        [UnrecognizedClient] = 403,
        [Validation] = 400,
        ["ValidationError"] = 400,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The HTTP status of a common error, or <c>null</c> when the code is none.</summary>
    public static int? StatusOf(string code) => Statuses.TryGetValue(code, out var status) ? status : null;
}
