namespace Sanbashi.Wire;

/// <summary>Opaque page tokens that are only valid for the operation and the parameters they were made for.</summary>
public static class PageTokens
{
    /// <summary>The cursor of the token that the call carries, or <c>null</c> when it asks for the first page.</summary>
    /// <exception cref="ApiException">The token was made for another call, or is none of ours.</exception>
    public static string? Read(ApiCall call, string errorCode = "InvalidRequestException", string tokenMember = "NextToken") =>
        throw new NotSupportedException();

    /// <summary>Makes the token that continues this call after <paramref name="cursor"/> (at most 600 UTF-8 bytes).</summary>
    public static string Write(ApiCall call, string cursor, string tokenMember = "NextToken") =>
        throw new NotSupportedException();
}
