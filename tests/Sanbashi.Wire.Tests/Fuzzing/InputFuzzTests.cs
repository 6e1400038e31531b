using System.Text;
using Sanbashi.Wire.Tests.ServiceModels;
using Sanbashi.Wire.Tests.Validation;

namespace Sanbashi.Wire.Tests.Fuzzing;

/// <summary>No body and no form ends in anything but an input or an <see cref="ApiException"/>.</summary>
public sealed class InputFuzzTests
{
    private static readonly List<(ServiceModel Model, string Operation, byte[] Input)> Samples =
    [
        .. from name in ServiceModel.EmbeddedNames
           let model = ServiceModel.LoadEmbedded(name)
           from operation in model.Operations.Values
           select (model, operation.Name, Encoding.UTF8.GetBytes(ModelSamples.Input(operation).ToJsonString())),
        (ToyModel.Json, "PutThing", Encoding.UTF8.GetBytes(
            """{"Name":"abc","Count":3,"Big":1,"Ratio":0.5,"On":true,"When":1,"Data":"AQI=","Names":["aa"],"Labels":{"kk":"v"},"Choice":{"A":""},"Any":{"x":[1,{}]},"Secrets":{"123":"456"}}""")),
    ];

    private static readonly string[] Forms =
    [
        "Action=PutThing&Version=2026-01-01&Name=abc&Count=3&On=true&When=2026-01-02T03%3A04%3A05Z&Data=AQI%3D&Names.member.1=aa&FlatName.1=aa",
        "Name=abc&Labels.entry.1.key=k&Labels.entry.1.value=v+w&FlatLabels.1.K=x&FlatLabels.1.V=y&Inner.Id=aa&Inner.Deeper.Deeper.Id=bb&Inners.member.1.Id=cc",
    ];

    [Fact]
    public void JsonInput_AnyBytes_IsReadOrRefused() => Fuzz.Run(mutator =>
    {
        var (model, operation, sample) = mutator.Pick(Samples);
        try
        {
            InputPipeline.Read(model, operation, mutator.Change(sample)).ToJsonString();
        }
        catch (ApiException refused)
        {
            refused.Message.Length.ShouldBeLessThanOrEqualTo(2048);
        }
    });

    [Fact]
    public void QueryInput_AnyBytes_IsReadOrRefused() => Fuzz.Run(mutator =>
    {
        var operation = ToyModel.Query.Operations["PutThing"];
        try
        {
            var form = mutator.Change(Encoding.UTF8.GetBytes(mutator.Pick(Forms)));
            var input = QueryInputReader.OfQuery.Read(operation.Input!.Shape, FormParameters.Parse(form));
            new InputValidator(ConstraintOverrides.None).Demand(operation, input);
            input.ToJsonString();
        }
        catch (ApiException refused)
        {
            refused.Message.Length.ShouldBeLessThanOrEqualTo(2048);
        }
    });

    [Fact]
    public void PageToken_AnyText_IsReadOrRefused() => Fuzz.Run(mutator =>
    {
        var call = new ApiCall(ToyModel.Json, "PutThing", [], "000000000000", "local-1", "AKID", "id");
        var token = PageTokens.Write(call, "cursor");
        call.Input["NextToken"] = mutator.Change(token);
        try
        {
            PageTokens.Read(call).ShouldNotBeNull();
        }
        catch (ApiException)
        {
            // Refused: as it should be for nearly all of them.
        }
    });
}
