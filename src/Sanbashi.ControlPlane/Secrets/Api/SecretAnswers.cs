using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Secrets;

namespace Sanbashi.ControlPlane.Secrets.Api;

/// <summary>Secrets as the API shows them; values are in none of these.</summary>
internal static class SecretAnswers
{
    public static JsonObject Name(SecretRecord secret) => new() { ["ARN"] = secret.Arn, ["Name"] = secret.Name };

    public static JsonObject Version(SecretRecord secret, string? versionId)
    {
        var output = Name(secret);
        output["VersionId"] = versionId;
        return output;
    }

    public static JsonObject Description(SecretRecord secret)
    {
        var output = Summary(secret);
        output["VersionIdsToStages"] = Stages(secret);
        return output;
    }

    public static JsonObject Entry(SecretRecord secret)
    {
        var output = Summary(secret);
        output["SecretVersionsToStages"] = Stages(secret);
        return output;
    }

    public static JsonObject Version(SecretVersion version) => new()
    {
        ["VersionId"] = version.Id,
        ["VersionStages"] = version.IsDeprecated ? null : Texts(version.Stages),
        ["CreatedDate"] = ApiOutput.Timestamp(version.CreatedAt),
        ["LastAccessedDate"] = Day(version.AccessedOn),
        ["KmsKeyIds"] = Texts(["DefaultEncryptionKey"]),
    };

    public static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)JsonValue.Create(text))]);

    private static JsonObject Summary(SecretRecord secret)
    {
        var output = Name(secret);
        output["Description"] = secret.Description;
        output["KmsKeyId"] = secret.KmsKeyId;
        output["Type"] = secret.Type;
        output["CreatedDate"] = ApiOutput.Timestamp(secret.CreatedAt);
        output["LastChangedDate"] = ApiOutput.Timestamp(secret.ChangedAt);
        output["LastAccessedDate"] = Day(secret.AccessedOn);
        output["DeletedDate"] = ApiOutput.Timestamp(secret.DeletedAt);
        output["LastRotatedDate"] = ApiOutput.Timestamp(secret.RotatedAt);
        if (secret.Tags.Count > 0)
        {
            output["Tags"] = new JsonArray([.. secret.Tags.Select(tag => (JsonNode)new JsonObject { ["Key"] = tag.Key, ["Value"] = tag.Value })]);
        }

        if (secret.Rotation is { } rotation)
        {
            output["RotationEnabled"] = rotation.IsEnabled;
            output["RotationLambdaARN"] = rotation.RotatorArn;
            output["RotationRules"] = Rules(rotation);
            output["NextRotationDate"] = ApiOutput.Timestamp(rotation.Next(secret.RotatedAt));
            output["ExternalSecretRotationRoleArn"] = rotation.ExternalRoleArn;
        }

        return output;
    }

    private static JsonObject Rules(SecretRotation rotation) => new()
    {
        ["AutomaticallyAfterDays"] = rotation.AutomaticallyAfterDays,
        ["ScheduleExpression"] = rotation.ScheduleExpression,
        ["Duration"] = rotation.Duration,
    };

    private static JsonObject? Stages(SecretRecord secret) => secret.Versions.Any(version => !version.IsDeprecated)
        ? new JsonObject(secret.Versions.Where(version => !version.IsDeprecated).Select(version => KeyValuePair.Create(version.Id, (JsonNode?)Texts(version.Stages))))
        : null;

    private static JsonNode? Day(DateOnly? day) => day is { } known ? ApiOutput.Timestamp(new DateTimeOffset(known.ToDateTime(default), TimeSpan.Zero)) : null;
}
