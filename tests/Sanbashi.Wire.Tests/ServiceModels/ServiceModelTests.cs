using System.Text;
using System.Text.Json.Nodes;
using Sanbashi.Wire.Tests.Dispatch;

namespace Sanbashi.Wire.Tests.ServiceModels;

public sealed class ServiceModelTests
{
    [Theory]
    [InlineData("apprunner", "AppRunner", "apprunner", 37)]
    [InlineData("logs", "Logs_20140328", "logs", 7)]
    [InlineData("sts", null, "sts", 5)]
    [InlineData("iam", null, "iam", 74)]
    [InlineData("cloudwatch", "GraniteServiceVersion20100801", "monitoring", 3)]
    [InlineData("ec2", null, "ec2", 41)]
    [InlineData("secretsmanager", "secretsmanager", "secretsmanager", 23)]
    [InlineData("ssm", "AmazonSSM", "ssm", 13)]
    [InlineData("sanbashi", "Sanbashi", "sanbashi", 13)]
    public void Embedded_Model_IsWhole(string name, string? targetPrefix, string signingName, int operations)
    {
        var model = ServiceModel.LoadEmbedded(name);

        model.Metadata.TargetPrefix.ShouldBe(targetPrefix);
        model.SigningName.ShouldBe(signingName);
        model.Operations.Count.ShouldBe(operations);
        foreach (var shape in model.ShapeNames.Select(model.GetShape))
        {
            foreach (var member in shape.Members.Values.Concat([shape.Element, shape.Key, shape.Value]).OfType<ShapeMember>())
            {
                member.Shape.ShouldNotBeNull();
            }

            shape.Required.ShouldAllBe(required => shape.Members.ContainsKey(required));
            if (shape.Pattern is { } pattern)
            {
                Should.NotThrow(() => PatternCache.Matches(pattern, "x"), $"{shape.Name} {pattern}");
            }
        }

        model.Operations.Values.SelectMany(operation => operation.Errors).ShouldAllBe(error => model.GetShape(error).Error != null);
    }

    [Fact]
    public void Embedded_Names_AreListed()
    {
        ServiceModel.EmbeddedNames.ShouldBe(["apprunner", "cloudwatch", "ec2", "iam", "logs", "sanbashi", "secretsmanager", "ssm", "sts"]);
        Should.Throw<ArgumentException>(() => ServiceModel.LoadEmbedded("s3")).Message.ShouldContain("Known: apprunner, cloudwatch, ec2, iam, logs, sanbashi, secretsmanager, ssm, sts");
    }

    [Fact]
    public void Sanbashi_ServiceShape_IsAppRunnersOwn()
    {
        var ours = Shapes("sanbashi");
        var theirs = Shapes("apprunner");
        foreach (var name in Reachable(theirs, "Service"))
        {
            JsonNode.DeepEquals(ours[name], theirs[name]).ShouldBeTrue(name);
        }

        static JsonObject Shapes(string model)
        {
            using var stream = ServiceModel.OpenEmbeddedText(model);
            return JsonNode.Parse(stream)!["shapes"]!.AsObject();
        }

        static HashSet<string> Reachable(JsonObject shapes, string root)
        {
            var found = new HashSet<string>();
            var open = new Stack<string>([root]);
            while (open.TryPop(out var name))
            {
                if (found.Add(name))
                {
                    foreach (var member in shapes[name]!["members"]?.AsObject().Select(entry => entry.Value!) ?? [])
                    {
                        open.Push((string)member["shape"]!);
                    }

                    foreach (var part in new[] { "member", "key", "value" })
                    {
                        if (shapes[name]![part] is { } reference)
                        {
                            open.Push((string)reference["shape"]!);
                        }
                    }
                }
            }

            return found;
        }
    }

    [Theory]
    [InlineData("x")]
    [InlineData("{}")]
    [InlineData("""{"metadata": {}, "operations": {}, "shapes": {}}""")]
    [InlineData("""{"metadata": {"apiVersion": "1", "endpointPrefix": "x"}, "operations": {}, "shapes": {}}""")]
    public void Parse_NotAModel_SaysSo(string text)
    {
        Should.Throw<InvalidDataException>(() => ServiceModel.Parse(new MemoryStream(Encoding.UTF8.GetBytes(text))));
    }

    [Fact]
    public async Task Sanbashi_Model_TeachesTheAwsCli()
    {
        var folder = Directory.CreateTempSubdirectory("sanbashi-model-");
        try
        {
            var path = Path.Combine(folder.FullName, "models", "sanbashi", "2026-11-21");
            Directory.CreateDirectory(path);
            await using (var source = ServiceModel.OpenEmbeddedText("sanbashi"))
            await using (var file = File.Create(Path.Combine(path, "service-2.json")))
            {
                await source.CopyToAsync(file, TestContext.Current.CancellationToken);
            }

            JsonObject? seen = null;
            var service = new ApiService(ServiceModel.LoadEmbedded("sanbashi")).Handle("PutServiceSettings", (call, _) =>
            {
                seen = call.Input;
                return Task.FromResult(new JsonObject
                {
                    ["Settings"] = new JsonArray(new JsonObject { ["Name"] = "request-timeout", ["Value"] = "15m", ["Source"] = "API" }),
                });
            });
            await using var host = await WireHost.Start([service]);

            var (exit, output, error) = await AwsCli.Run(
                host.Endpoint,
                WireHost.Root,
                new Dictionary<string, string> { ["AWS_DATA_PATH"] = Path.Combine(folder.FullName, "models") },
                "sanbashi",
                "put-service-settings",
                "--service-arn",
                "arn:aws:apprunner:local-1:000000000000:service/shop/0123456789abcdef0123456789abcdef",
                "--settings",
                "request-timeout=15m");

            error.ShouldBeEmpty();
            exit.ShouldBe(0);
            seen.ShouldNotBeNull()["Settings"]!["request-timeout"]!.GetValue<string>().ShouldBe("15m");
            JsonNode.Parse(output)!["Settings"]![0]!["Source"]!.GetValue<string>().ShouldBe("API");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
