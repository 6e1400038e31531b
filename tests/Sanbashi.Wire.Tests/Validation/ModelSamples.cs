using System.Text;
using System.Text.Json.Nodes;

namespace Sanbashi.Wire.Tests.Validation;

/// <summary>Makes a valid input with every member of an operation, from its model alone.</summary>
internal static class ModelSamples
{
    private const int MaxDepth = 6;

    /// <summary>Texts for the patterns that a repeated letter does not satisfy.</summary>
    private static readonly Dictionary<string, string> Texts = new()
    {
        ["AppRunnerResourceArn"] = "arn:aws:apprunner:local-1:000000000000:service/shop/0123456789abcdef0123456789abcdef",
        ["Cpu"] = "0.25 vCPU",
        ["ImageIdentifier"] = "registry.example.com:5000/team/app:1.2@sha256:" + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
        ["KmsKeyArn"] = "arn:aws:kms:eu-west-1:000000000000:key/01234567-89ab-cdef-0123-456789abcdef",
        ["Memory"] = "12 GB",
        ["RoleArn"] = "arn:aws:iam::000000000000:role/service-role/reader",
        ["UUID"] = "01234567-89ab-1def-8123-456789abcdef",
        ["AccountId"] = "000000000000",
        ["RegionType"] = "eu-west-1",
        ["DurationType"] = "3h",
        ["ParameterStringFilterKey"] = "Name",
        ["CustomerAccountId"] = "000000000000",
        ["pathPrefixType"] = "/team/",
        ["pathType"] = "/team/",
        ["policyPathType"] = "/team/",
        ["policyVersionIdType"] = "v1",
        ["tokenCodeType"] = "123456",
    };

    public static JsonObject Input(OperationModel operation) =>
        operation.Input is { } reference ? (JsonObject)Of(reference.Shape, 0) : [];

    public static JsonNode Of(Shape shape, int depth)
    {
        switch (shape.Kind)
        {
            case ShapeKind.Structure:
                return new JsonObject(shape.Members.Values
                    .Where(member => depth < MaxDepth || shape.Required.Contains(member.Name))
                    .Select(member => KeyValuePair.Create(member.Name, (JsonNode?)Of(member.Shape, depth + 1))));
            case ShapeKind.List:
                var items = Enumerable.Range(0, (int)Math.Max(1, shape.Min ?? 1)).Select(_ => Of(shape.Element!.Shape, depth + 1));
                return new JsonArray([.. items]);
            case ShapeKind.Map:
                return new JsonObject { [(string)Of(shape.Key!.Shape, depth + 1)!] = Of(shape.Value!.Shape, depth + 1) };
            case ShapeKind.String or ShapeKind.Character:
                return Text(shape);
            case ShapeKind.Boolean:
                return true;
            case ShapeKind.Timestamp:
                return 1_700_000_000.5;
            case ShapeKind.Blob:
                return Convert.ToBase64String(new byte[(int)Math.Max(1, shape.Min ?? 1)]);
            default:
                return (long)(shape.Min ?? shape.Max ?? 1);
        }
    }

    private static string Text(Shape shape) => shape.Enum.Count > 0
        ? shape.Enum[0]
        : Texts.TryGetValue(shape.Name, out var text)
            ? text
            : new StringBuilder().Insert(0, "a", (int)Math.Max(shape.Min ?? 1, 1)).ToString();
}
