namespace Sanbashi.Wire;

/// <summary>Signs requests with AWS Signature Version 4.</summary>
public static class SigV4Signer
{
    /// <summary>Signs a request in its headers: <c>X-Amz-Date</c>, <c>X-Amz-Security-Token</c>, <c>Authorization</c>.</summary>
    public static void Sign(
        HttpRequestMessage request,
        ReadOnlySpan<byte> body,
        ApiCredential credential,
        string service,
        string region,
        DateTimeOffset now,
        bool unsignedPayload = false)
    {
        throw new NotSupportedException();
    }

    /// <summary>Makes a URL that carries its own signature and is valid for <paramref name="lifetime"/> (1 s to 7 days).</summary>
    public static Uri Presign(
        HttpMethod method,
        Uri uri,
        ApiCredential credential,
        string service,
        string region,
        DateTimeOffset now,
        TimeSpan lifetime)
    {
        throw new NotSupportedException();
    }
}
