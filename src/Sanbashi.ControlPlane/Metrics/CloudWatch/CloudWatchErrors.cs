using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Metrics.CloudWatch;

/// <summary>CloudWatch's errors.</summary>
internal static class CloudWatchErrors
{
    public static ApiException InvalidValue(string message) => new("InvalidParameterValueException", message);

    public static ApiException InvalidCombination(string message) => new("InvalidParameterCombinationException", message);

    /// <summary>What GetMetricData says to a question that makes no sense.</summary>
    public static ApiException Validation(string message) => new("ValidationError", message);
}
