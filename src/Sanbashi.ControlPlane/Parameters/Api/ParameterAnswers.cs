using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Parameters;

namespace Sanbashi.ControlPlane.Parameters.Api;

/// <summary>Parameters as the API shows them without their values.</summary>
internal static class ParameterAnswers
{
    private const string DefaultKey = "alias/aws/ssm";

    public static JsonObject Description(ParameterRecord parameter, ParameterVersion version) => new()
    {
        ["Name"] = parameter.Name,
        ["ARN"] = parameter.Arn,
        ["Type"] = parameter.Type,
        ["KeyId"] = parameter.Type == ParameterVault.Secure ? version.KeyId ?? DefaultKey : null,
        ["LastModifiedDate"] = ApiOutput.Timestamp(version.ModifiedAt),
        ["LastModifiedUser"] = version.ModifiedBy,
        ["Description"] = version.Description,
        ["AllowedPattern"] = version.AllowedPattern,
        ["Version"] = version.Number,
        ["Tier"] = version.Tier,
        ["Policies"] = new JsonArray(),
        ["DataType"] = version.DataType,
    };

    public static JsonArray Texts(IEnumerable<string> texts) => ApiOutput.List(texts.Select(static text => (JsonNode)text));
}
