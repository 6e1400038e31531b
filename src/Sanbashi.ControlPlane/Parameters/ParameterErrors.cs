using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Parameters;

/// <summary>The parameter store's errors; clients match on their codes and some on their words.</summary>
internal static class ParameterErrors
{
    public const string NoVersionCode = "ParameterVersionNotFound";
    public const string InvalidTokenCode = "InvalidNextToken";

    public static ApiException Invalid(string message) => new("ValidationException", message);

    public static ApiException Internal(string message) => new("InternalServerError", message);

    public static ApiException NotFound(string name) => new("ParameterNotFound", $"Parameter {name} not found.");

    public static ApiException NoVersion(string name, string selector) =>
        new(NoVersionCode, $"Systems Manager could not find version {selector} of {name}. Verify the version and try again.");

    public static ApiException Exists() =>
        new("ParameterAlreadyExists", "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.");
}
