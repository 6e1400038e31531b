using System.Text;
using System.Text.Json.Nodes;

namespace Sanbashi.Wire.Tests.Validation;

/// <summary>What the endpoint does with a json body, without HTTP.</summary>
internal static class InputPipeline
{
    public static JsonObject Read(ServiceModel model, string operation, string json, ConstraintOverrides? overrides = null) =>
        Read(model, operation, Encoding.UTF8.GetBytes(json), overrides);

    public static JsonObject Read(ServiceModel model, string operation, byte[] json, ConstraintOverrides? overrides = null)
    {
        var known = model.Operations[operation];
        var input = JsonInputReader.Read(known.Input?.Shape, json);
        new InputValidator(overrides ?? model.Overrides).Demand(known, input);
        return input;
    }
}
