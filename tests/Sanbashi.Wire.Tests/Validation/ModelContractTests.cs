using System.Text;
using System.Text.Json.Nodes;

namespace Sanbashi.Wire.Tests.Validation;

/// <summary>For each operation of each embedded model: valid input passes, and each constraint that is broken is named.</summary>
public sealed class ModelContractTests
{
    private static readonly Dictionary<string, ServiceModel> Models = ServiceModel.EmbeddedNames.ToDictionary(name => name, ServiceModel.LoadEmbedded);

    public static TheoryData<string, string> Operations => Of(Models.Where(model => model.Key != "ec2"));

    /// <summary>Its inputs have other names in parameters than in JSON.</summary>
    public static TheoryData<string, string> Ec2Operations => Of(Models.Where(model => model.Key == "ec2"));

    [Theory]
    [MemberData(nameof(Operations))]
    public void Input_WithEveryMember_IsReadWhole(string model, string operation)
    {
        var input = ModelSamples.Input(Models[model].Operations[operation]);

        var read = Check(model, operation, input);

        JsonNode.DeepEquals(read, input).ShouldBeTrue(read.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void Input_WithUnknownMembersAndNulls_LosesThem(string model, string operation)
    {
        var input = ModelSamples.Input(Models[model].Operations[operation]);
        var noisy = (JsonObject)WithNoise(input);
        foreach (var member in Models[model].Operations[operation].Input!.Shape.Members.Keys.Where(member => !input.ContainsKey(member)))
        {
            noisy[member] = null;
        }

        JsonNode.DeepEquals(Check(model, operation, noisy), input).ShouldBeTrue();
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void Input_WithOneConstraintBroken_IsRefusedByName(string model, string operation)
    {
        var maxLength = model is "logs" or "secretsmanager" or "ssm" or "cloudwatch" or "iam" or "sts" ? 2048 : 600;
        foreach (var broken in BrokenInput.All(Models[model].Operations[operation]))
        {
            var refused = Should.Throw<ApiException>(() => Check(model, operation, broken.Input), broken.What);

            refused.Code.ShouldBe(model switch { "logs" => "InvalidParameterException", "sts" or "iam" or "secretsmanager" or "ssm" or "cloudwatch" => "ValidationException", _ => "InvalidRequestException" }, broken.What);
            refused.Message.ShouldContain($"'{broken.Path}", Case.Sensitive, broken.What);
            refused.Message.ShouldMatch(@"\A[1-9][0-9]* validation errors? detected: Value ");
            refused.Message.Length.ShouldBeLessThanOrEqualTo(maxLength, broken.What);
        }
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void Input_OfWrongType_IsRefusedByName(string model, string operation)
    {
        foreach (var broken in BrokenInput.WrongTypes(Models[model].Operations[operation]))
        {
            var refused = Should.Throw<ApiException>(() => Check(model, operation, broken.Input), broken.What);

            refused.Code.ShouldBe("SerializationException", broken.What);
            refused.Message.ShouldContain(broken.Path.Length <= 100 ? $"'{broken.Path}'" : broken.Path[..97], Case.Sensitive, broken.What);
        }
    }

    [Theory]
    [MemberData(nameof(Ec2Operations))]
    public void Ec2Input_WithEveryMember_IsReadWhole(string model, string operation)
    {
        var known = Models[model].Operations[operation];
        var input = ModelSamples.Input(known);

        var read = QueryInputReader.OfEc2.Read(known.Input!.Shape, Ec2Form.Of(known.Input.Shape, input));

        JsonNode.DeepEquals(read, input).ShouldBeTrue(read.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(Ec2Operations))]
    public void Ec2Input_WithOneConstraintBroken_IsRefusedByName(string model, string operation)
    {
        var known = Models[model].Operations[operation];
        foreach (var broken in BrokenInput.All(known))
        {
            var read = QueryInputReader.OfEc2.Read(known.Input!.Shape, Ec2Form.Of(known.Input.Shape, broken.Input));
            var refused = Should.Throw<ApiException>(() => new InputValidator(Models[model].Overrides).Demand(known, read), broken.What);

            refused.Code.ShouldBe(broken.What.StartsWith("missing", StringComparison.Ordinal) || broken.What.StartsWith("null", StringComparison.Ordinal) ? "MissingParameter" : "InvalidParameterValue", broken.What);
            refused.Message.ShouldContain($"'{broken.Path}", Case.Sensitive, broken.What);
        }
    }

    [Theory]
    [MemberData(nameof(Ec2Operations))]
    public void Ec2Output_WithEveryMember_FitsItsShape(string model, string operation) => Output_WithEveryMember_FitsItsShape(model, operation);

    [Fact]
    public void BrokenInputs_OverAllModels_AreMany()
    {
        var count = Models.Values.Sum(model => model.Operations.Values.Sum(operation => BrokenInput.All(operation).Count()));

        count.ShouldBeGreaterThan(500);
    }

    [Theory]
    [MemberData(nameof(Operations))]
    public void Output_WithEveryMember_FitsItsShape(string model, string operation)
    {
        if (Models[model].Operations[operation] is { Output: { } output } known)
        {
            OutputChecker.Check(known, (JsonObject)ModelSamples.Of(output.Shape, 0)).ShouldBeEmpty();
        }
    }

    private static TheoryData<string, string> Of(IEnumerable<KeyValuePair<string, ServiceModel>> models)
    {
        var operations = new TheoryData<string, string>();
        foreach (var (name, model) in models)
        {
            foreach (var operation in model.Operations.Keys)
            {
                operations.Add(name, operation);
            }
        }

        return operations;
    }

    private static JsonObject Check(string model, string operation, JsonObject input) =>
        InputPipeline.Read(Models[model], operation, Encoding.UTF8.GetBytes(input.ToJsonString()));

    /// <summary>A copy with unknown members in each structure, as newer clients send them.</summary>
    private static JsonNode WithNoise(JsonNode input)
    {
        var copy = input.DeepClone();
        Add(copy);
        return copy;

        static void Add(JsonNode node)
        {
            if (node is JsonObject structure && structure.All(member => char.IsAsciiLetter(member.Key[0])))
            {
                foreach (var (name, value) in structure.ToList())
                {
                    // Maps take any key, so only what is surely a structure gets one more member.
                    if (value is not null && !name.Contains("Environment", StringComparison.Ordinal) && name != "Settings")
                    {
                        Add(value);
                    }
                }

                structure["FromTheFuture"] = new JsonObject { ["a"] = 1 };
            }
            else if (node is JsonArray list)
            {
                foreach (var item in list)
                {
                    Add(item!);
                }
            }
        }
    }
}
