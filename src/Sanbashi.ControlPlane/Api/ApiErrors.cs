using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Api;

/// <summary>App Runner's modelled errors.</summary>
internal static class ApiErrors
{
    public const string InvalidRequestCode = "InvalidRequestException";

    public static ApiException InvalidRequest(string message) => new(InvalidRequestCode, message);

    public static ApiException InvalidState(string message) => new("InvalidStateException", message);

    /// <summary>HTTP 400, not 404, as the real service has it.</summary>
    public static ApiException NotFound(string message) => new("ResourceNotFoundException", message);

    public static ApiException QuotaExceeded(string message) => new("ServiceQuotaExceededException", message);

    public static ApiException Internal(string message) => new("InternalServiceErrorException", message);

    /// <param name="capability">A plural with where it was asked for: "VPC connectors (NetworkConfiguration.EgressConfiguration)".</param>
    public static ApiException Unavailable(string capability, string instead) =>
        InvalidRequest($"{capability} are not available in this version of Sanbashi. {instead}");
}
