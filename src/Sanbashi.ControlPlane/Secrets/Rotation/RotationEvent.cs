using System.Text;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Secrets;

namespace Sanbashi.ControlPlane.Secrets.Rotation;

/// <summary>What rotators outside are told, in the form that AWS gives its functions, and what they answer.</summary>
internal static class RotationEvent
{
    public static JsonObject Of(RotationStep step, RotationCase rotation) => new()
    {
        ["Step"] = Name(step),
        ["SecretId"] = rotation.Secret.Arn,
        ["ClientRequestToken"] = rotation.VersionId,
        ["RotationToken"] = Guid.NewGuid().ToString("D"),
    };

    /// <summary>AWS's word: <c>createSecret</c>.</summary>
    public static string Name(RotationStep step)
    {
        var name = step.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }

    /// <summary>The value in an answer: <c>SecretString</c> of a JSON object; null where there is none.</summary>
    /// <exception cref="RotationException">It is the answer of a function that failed.</exception>
    public static SecretValue? Read(RotationStep step, byte[] answer)
    {
        JsonObject? document = null;
        try
        {
            document = JsonNode.Parse(answer) as JsonObject;
        }
        catch (System.Text.Json.JsonException)
        {
            // An answer may be anything.
        }

        if (document?["errorMessage"] is { } error)
        {
            throw new RotationException($"The rotator failed: {Excerpt.Of(error.ToString())}");
        }

        return step == RotationStep.CreateSecret && document?["SecretString"] is JsonValue value && value.TryGetValue<string>(out var text) ? SecretValue.OfText(text) : null;
    }

    public static byte[] Bytes(JsonObject document) => Encoding.UTF8.GetBytes(document.ToJsonString());
}
