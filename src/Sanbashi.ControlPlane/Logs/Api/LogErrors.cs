using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Logs.Api;

/// <summary>CloudWatch Logs' errors, in its own words where clients look for them.</summary>
internal static class LogErrors
{
    public const string InvalidParameterCode = "InvalidParameterException";

    public static ApiException InvalidParameter(string message) => new(InvalidParameterCode, message);

    public static ApiException NoGroup() => new("ResourceNotFoundException", "The specified log group does not exist.");

    public static ApiException NoStream() => new("ResourceNotFoundException", "The specified log stream does not exist.");

    public static ApiException InvalidToken() => InvalidParameter("The specified nextToken is invalid.");
}
