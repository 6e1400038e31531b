using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Sanbashi.Wire.Tests.Dispatch;
using Sanbashi.Wire.Tests.ServiceModels;
using Sanbashi.Wire.Tests.Signatures;
using Sanbashi.Wire.Tests.Validation;

namespace Sanbashi.Wire.Tests.Fuzzing;

/// <summary>Whatever is sent to the endpoint, signed or not, is answered well-formed and never with a server's fault.</summary>
public sealed class EndpointFuzzTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly List<(ServiceModel Model, OperationModel Operation, byte[] Input)> _samples = [];
    private readonly WireEndpoint _endpoint;

    public EndpointFuzzTests()
    {
        var options = new WireOptions { TimeProvider = new FixedTime(Now), StrictOutput = true };
        foreach (var model in ServiceModel.EmbeddedNames.Select(ServiceModel.LoadEmbedded).Append(ToyModel.Query))
        {
            var service = new ApiService(model);
            foreach (var operation in model.Operations.Values)
            {
                var output = operation.Output is { } reference ? (JsonObject)ModelSamples.Of(reference.Shape, 0) : [];
                service.Handle(operation.Name, WireHost.Answer(output));
                var input = model.Metadata.Protocol == "query"
                    ? $"Action={operation.Name}&Version={model.Metadata.ApiVersion}&Name=abc&Labels.entry.1.key=kk&Labels.entry.1.value=v"
                    : ModelSamples.Input(operation).ToJsonString();
                _samples.Add((model, operation, Encoding.UTF8.GetBytes(input)));
            }

            options.Services.Add(service);
        }

        var wrapped = Options.Create(options);
        var verifier = new SigV4Verifier(new TestCredentialStore(WireHost.Root, WireHost.Temporary), wrapped);
        _endpoint = new WireEndpoint(wrapped, [], verifier, new EveryCallAllowed(), new HostGuard(wrapped), NullLogger<WireEndpoint>.Instance);
    }

    [Fact]
    public void Endpoint_AnyRequest_IsAnsweredWellFormed() => Fuzz.Run(mutator =>
    {
        var (model, operation, sample) = mutator.Pick(_samples);
        var body = mutator.OneIn(10) ? sample : mutator.Change(sample);
        var isQuery = model.Metadata.Protocol == "query";
        var target = mutator.OneIn(20) ? "/" + mutator.Change("?Action=Ping&Version=2026-01-01") : "/";
        var context = new DefaultHttpContext();
        context.Features.Get<IHttpRequestFeature>()!.RawTarget = target;
        context.Request.Method = "POST";
        context.Request.Body = new MemoryStream(body);
        context.Response.Body = new MemoryStream();
        var headers = Sign(mutator.OneIn(4) ? WireHost.Temporary : WireHost.Root, model, operation, body, isQuery);
        foreach (var (name, value) in headers)
        {
            context.Request.Headers[name] = mutator.OneIn(20) ? mutator.Change(value) : value;
        }

        _endpoint.Invoke(context).GetAwaiter().GetResult();

        context.Response.StatusCode.ShouldBeOneOf(200, 400, 403, 404, 410, 413);
        context.Response.Headers.ContainsKey("x-amzn-RequestId").ShouldBeTrue();
        var answer = Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());
        if (context.Response.ContentType == "text/xml")
        {
            XDocument.Parse(answer);
        }
        else
        {
            using var json = JsonDocument.Parse(answer);
        }
    });

    private static List<(string Name, string Value)> Sign(ApiCredential credential, ServiceModel model, OperationModel operation, byte[] body, bool isQuery)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://localhost/");
        if (!isQuery)
        {
            request.Headers.TryAddWithoutValidation("X-Amz-Target", $"{model.Metadata.TargetPrefix}.{operation.Name}");
        }

        SigV4Signer.Sign(request, body, credential, model.SigningName, "local-1", Now);
        return
        [
            ("Host", "localhost"),
            ("Content-Type", isQuery ? "application/x-www-form-urlencoded" : "application/x-amz-json-1.0"),
            .. request.Headers.NonValidated.Select(header => (header.Key, header.Value.ToString())),
        ];
    }
}
