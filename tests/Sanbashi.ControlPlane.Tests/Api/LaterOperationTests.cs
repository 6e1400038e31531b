using System.Text.Json.Nodes;

namespace Sanbashi.ControlPlane.Tests.Api;

public sealed class LaterOperationTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Arn = "arn:aws:apprunner:us-east-1:000000000000:service/name/0123456789abcdef0123456789abcdef";
    private readonly ApiClient _client = host.NewRegion();

    [Theory]
    [InlineData("AssociateCustomDomain", """{"ServiceArn":"{arn}","DomainName":"example.com"}""", "Custom domains")]
    [InlineData("DescribeCustomDomains", """{"ServiceArn":"{arn}"}""", "Custom domains")]
    [InlineData("DisassociateCustomDomain", """{"ServiceArn":"{arn}","DomainName":"example.com"}""", "Custom domains")]
    [InlineData("CreateConnection", """{"ConnectionName":"github","ProviderType":"GITHUB"}""", "Connections to source code providers")]
    [InlineData("ListConnections", "{}", "Connections to source code providers")]
    [InlineData("DeleteConnection", """{"ConnectionArn":"{arn}"}""", "Connections to source code providers")]
    [InlineData("CreateObservabilityConfiguration", """{"ObservabilityConfigurationName":"traces"}""", "Observability configurations")]
    [InlineData("DescribeObservabilityConfiguration", """{"ObservabilityConfigurationArn":"{arn}"}""", "Observability configurations")]
    [InlineData("ListObservabilityConfigurations", "{}", "Observability configurations")]
    [InlineData("DeleteObservabilityConfiguration", """{"ObservabilityConfigurationArn":"{arn}"}""", "Observability configurations")]
    public async Task Call_ValidInput_IsRefusedByTheCapabilitysName(string operation, string input, string capability)
    {
        var error = await _client.InvalidRequest(operation, JsonNode.Parse(input.Replace("{arn}", Arn))!.AsObject());

        error.Message.ShouldBe($"{capability} are not available in this version of Sanbashi ({operation}).");
    }

    [Fact]
    public async Task Call_InvalidInput_IsRefusedForThat()
    {
        (await _client.InvalidRequest("CreateConnection", new JsonObject { ["ConnectionName"] = "x" })).Message.ShouldContain("validation error");
    }
}
