using Sanbashi.Domain.Workloads;

namespace Sanbashi.Domain.Tests.Workloads;

public sealed class PlatformVariablesTests
{
    [Fact]
    public void Credentials_NameTheServedServicesAndNoOther()
    {
        var variables = PlatformVariables.Credentials("t.1", "ap-northeast-1", ["AppRunner", "Secrets Manager", "CloudWatch Logs"]);

        variables.ShouldBe(
            new Dictionary<string, string>
            {
                ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = "/v2/credentials/t.1",
                ["AWS_REGION"] = "ap-northeast-1",
                ["AWS_DEFAULT_REGION"] = "ap-northeast-1",
                ["AWS_ENDPOINT_URL_APPRUNNER"] = "http://169.254.170.2",
                ["AWS_ENDPOINT_URL_SECRETS_MANAGER"] = "http://169.254.170.2",
                ["AWS_ENDPOINT_URL_CLOUDWATCH_LOGS"] = "http://169.254.170.2",
            },
            ignoreOrder: true);
    }

    [Fact]
    public void Metadata_HasBothVersions() => PlatformVariables.Metadata("t.2").ShouldBe(
        new Dictionary<string, string>
        {
            ["ECS_CONTAINER_METADATA_URI"] = "http://169.254.170.2/v3/t.2",
            ["ECS_CONTAINER_METADATA_URI_V4"] = "http://169.254.170.2/v4/t.2",
        },
        ignoreOrder: true);
}
