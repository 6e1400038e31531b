using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sanbashi.ControlPlane.Tests.Api;

internal static class JsonAssertions
{
    private static readonly JsonSerializerOptions _plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Compares values, in whatever order members come.</summary>
    public static void ShouldBeJson(this JsonNode? actual, string expected)
    {
        if (!JsonNode.DeepEquals(actual, JsonNode.Parse(expected)))
        {
            Assert.Fail($"Expected {expected}\nbut got  {actual?.ToJsonString(_plain)}");
        }
    }

    public static string Text(this JsonNode? node, string member) => node![member]!.GetValue<string>();
}
