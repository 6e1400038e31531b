using Sanbashi.Domain.Identity.Policies;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Identity.Iam;

/// <summary>IAM's modelled errors, with the texts that clients look for.</summary>
internal static class IamErrors
{
    public static ApiException NoSuch(string message) => new("NoSuchEntityException", message);

    public static ApiException Exists(string message) => new("EntityAlreadyExistsException", message);

    public static ApiException DeleteConflict(string message) => new("DeleteConflictException", message);

    public static ApiException Limit(string message) => new("LimitExceededException", message);

    public static ApiException InvalidInput(string message) => new("InvalidInputException", message);

    public static ApiException Unmodifiable(string message) => new("UnmodifiableEntityException", message);

    /// <summary>Reads a policy for what it is to be used for.</summary>
    /// <exception cref="ApiException">MalformedPolicyDocument.</exception>
    public static PolicyDocument Check(string text, PolicyKind kind, int maxLength, string owner)
    {
        PolicyDocument document;
        try
        {
            document = PolicyParser.Parse(text, kind);
        }
        catch (MalformedPolicyException malformed)
        {
            throw new ApiException("MalformedPolicyDocumentException", malformed.Message);
        }

        // White space does not count.
        return text.Count(character => !char.IsWhiteSpace(character)) <= maxLength
            ? document
            : throw Limit($"Cannot exceed quota for {owner}: {maxLength}");
    }
}
