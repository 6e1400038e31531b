using System.Text.Json.Nodes;

namespace Sanbashi.Wire;

/// <summary>One authenticated, parsed and validated call.</summary>
/// <param name="Model">The service that was called.</param>
/// <param name="Operation">The operation's name as in the model, for example <c>CreateService</c>.</param>
/// <param name="Input">
/// The input by the model's member names. Only known members are in it; members that were <c>null</c> are absent;
/// timestamps are numbers (seconds since the epoch); blobs are base64 text.
/// </param>
/// <param name="Account">The twelve digits of the caller's account.</param>
/// <param name="Region">The region of the signature's credential scope: a name space of its own.</param>
/// <param name="AccessKeyId">The key that signed; empty for the few operations that take no signature.</param>
/// <param name="RequestId">The id that the answer carries as <c>x-amzn-RequestId</c>.</param>
public sealed record ApiCall(
    ServiceModel Model,
    string Operation,
    JsonObject Input,
    string Account,
    string Region,
    string AccessKeyId,
    string RequestId)
{
    /// <summary>The token of temporary credentials, with which the key is one of a session.</summary>
    public string? SessionToken { get; init; }

    /// <summary>Who calls; null where only the key is known.</summary>
    public string? CallerArn { get; init; }

    /// <summary>Where the call came from.</summary>
    public CallOrigin Origin { get; init; } = CallOrigin.Unknown;
}
