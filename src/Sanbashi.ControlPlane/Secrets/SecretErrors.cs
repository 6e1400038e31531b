using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Secrets;

/// <summary>Secrets Manager's errors; clients match on their codes and some on their words.</summary>
internal static class SecretErrors
{
    public const string InternalCode = "InternalServiceError";
    public const string InvalidTokenCode = "InvalidNextTokenException";

    public static ApiException InvalidParameter(string message) => new("InvalidParameterException", message);

    public static ApiException InvalidRequest(string message) => new("InvalidRequestException", message);

    public static ApiException Exists(string message) => new("ResourceExistsException", message);

    public static ApiException LimitExceeded(string message) => new("LimitExceededException", message);

    public static ApiException Malformed(string message) => new("MalformedPolicyDocumentException", message);

    public static ApiException Undecryptable(string message) => new("DecryptionFailure", $"Secrets Manager can't decrypt the protected secret text using the provided KMS key. {message}");

    public static ApiException NoSecret() => new("ResourceNotFoundException", "Secrets Manager can't find the specified secret.");

    public static ApiException NoVersion(string versionId) =>
        new("ResourceNotFoundException", $"Secrets Manager can't find the specified secret value for VersionId: {versionId}");

    public static ApiException NoStage(string stage) =>
        new("ResourceNotFoundException", $"Secrets Manager can't find the specified secret value for staging label: {stage}");

    public static ApiException MarkedForDeletion() =>
        InvalidRequest("You can't perform this operation on the secret because it was marked for deletion.");

    public static ApiException TokenInUse(string token, string arn) =>
        Exists($"You can't use ClientRequestToken {token} because that value is already in use for a version of secret {arn}.");
}
