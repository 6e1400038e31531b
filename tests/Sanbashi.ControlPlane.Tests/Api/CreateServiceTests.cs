using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Tests.Identity;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.Tests.Api;

public sealed class CreateServiceTests(ApiHost host) : IClassFixture<ApiHost>
{
    private readonly ApiClient _client = host.NewRegion();

    [Fact]
    public async Task Create_MinimalInput_EchoesDefaultsAsTheRealServiceDoes()
    {
        var answer = await _client.Call("CreateService", ApiClient.NewService("web-1"));

        var service = answer["Service"]!.AsObject();
        var id = service["ServiceId"]!.GetValue<string>();
        id.ShouldMatch(@"\A[0-9a-f]{32}\z");
        answer["OperationId"]!.GetValue<string>().ShouldMatch(@"\A[0-9a-f]{32}\z");
        service["ServiceArn"]!.GetValue<string>().ShouldBe($"arn:aws:apprunner:{_client.Region}:000000000000:service/web-1/{id}");
        service["ServiceUrl"]!.GetValue<string>().ShouldBe("web-1.sanbashi.localhost:8080");
        service["Status"]!.GetValue<string>().ShouldBe("OPERATION_IN_PROGRESS");
        service["CreatedAt"]!.ToJsonString().ShouldMatch(@"\A\d{10}(\.\d{1,3})?\z");
        service.ContainsKey("DeletedAt").ShouldBeFalse();
        service.ContainsKey("EncryptionConfiguration").ShouldBeFalse();
        service["SourceConfiguration"].ShouldBeJson(
            """{"ImageRepository":{"ImageIdentifier":"app:1","ImageConfiguration":{"Port":"8080"},"ImageRepositoryType":"ECR"},"AutoDeploymentsEnabled":false}""");
        service["InstanceConfiguration"].ShouldBeJson("""{"Cpu":"1024","Memory":"2048"}""");
        service["HealthCheckConfiguration"].ShouldBeJson(
            """{"Protocol":"TCP","Path":"/","Interval":5,"Timeout":2,"HealthyThreshold":1,"UnhealthyThreshold":5}""");
        service["AutoScalingConfigurationSummary"].ShouldBeJson(
            $$"""{"AutoScalingConfigurationArn":"arn:aws:apprunner:{{_client.Region}}:000000000000:autoscalingconfiguration/DefaultConfiguration/1/00000000000000000000000000000001","AutoScalingConfigurationName":"DefaultConfiguration","AutoScalingConfigurationRevision":1}""");
        service["NetworkConfiguration"].ShouldBeJson(
            """{"EgressConfiguration":{"EgressType":"DEFAULT"},"IngressConfiguration":{"IsPubliclyAccessible":true},"IpAddressType":"IPV4"}""");
        service["ObservabilityConfiguration"].ShouldBeJson("""{"ObservabilityEnabled":false}""");
    }

    [Fact]
    public async Task Create_Always_WritesServiceRevisionAndOperationAndWakesTheReconciler()
    {
        var answer = await _client.Call("CreateService", ApiClient.NewService("web-2"));

        var arn = answer["Service"]!["ServiceArn"]!.GetValue<string>();
        var service = await _client.Service(arn);
        service.LastRevision.ShouldBe(1);
        service.ActiveRevision.ShouldBeNull();
        service.OperationId.ShouldBe(answer["OperationId"]!.GetValue<string>());
        service.Definition.AutoDeploymentsEnabled.ShouldBeFalse();
        var revision = (await host.Documents.FindRevision(service, 1, TestContext.Current.CancellationToken))!.Record;
        revision.Image.ShouldBeNull();
        revision.Definition.Image.Identifier.ShouldBe("app:1");
        revision.Scaling.ShouldBe(new Domain.AutoScaling.ScalingLimits(100, 1, 25));
        var operation = await _client.Operation(service.OperationId!);
        operation.Type.ShouldBe(OperationType.CreateService);
        operation.Status.ShouldBe(OperationStatus.InProgress);
        operation.Revision.ShouldBe(1);
        operation.TargetArn.ShouldBe(arn);
        (await host.Documents.IsHostTaken("web-2", TestContext.Current.CancellationToken)).ShouldBeTrue();
        host.Reconcilers.Signalled.ShouldContain(service.Id);
    }

    [Theory]
    [InlineData("1 vCPU", "2 GB", "1024", "2048")]
    [InlineData("1024", "3072", "1024", "3072")]
    [InlineData("0.25 vCPU", "0.5 GB", "256", "512")]
    [InlineData("4 vCPU", "12 GB", "4096", "12288")]
    public async Task Create_Size_IsAnsweredInUnits(string cpu, string memory, string expectedCpu, string expectedMemory)
    {
        var input = ApiClient.NewService($"size-{expectedCpu}-{expectedMemory}");
        input["InstanceConfiguration"] = new JsonObject { ["Cpu"] = cpu, ["Memory"] = memory };

        var service = (await _client.Call("CreateService", input))["Service"]!;

        service["InstanceConfiguration"].ShouldBeJson($$"""{"Cpu":"{{expectedCpu}}","Memory":"{{expectedMemory}}"}""");
    }

    [Theory]
    [InlineData("256", "2048")]
    [InlineData("0.5 vCPU", "0.5 GB")]
    [InlineData("4 vCPU", null)]
    public async Task Create_SizesThatDoNotGoTogether_AreRefusedWithThePairs(string cpu, string? memory)
    {
        var input = ApiClient.NewService("size-bad");
        input["InstanceConfiguration"] = new JsonObject { ["Cpu"] = cpu };
        if (memory is not null)
        {
            input["InstanceConfiguration"]!["Memory"] = memory;
        }

        (await _client.InvalidRequest("CreateService", input)).Message.ShouldContain("1024 with 2048, 3072, 4096");
    }

    [Fact]
    public async Task Create_EverythingGiven_IsEchoed()
    {
        await new IdentityLab(host).Role("instance", IdentityLab.TrustsTasks, """{"Effect":"Allow","Action":"s3:*","Resource":"*"}""");
        var input = JsonNode.Parse("""
            {"ServiceName":"Full_Service","SourceConfiguration":{"AutoDeploymentsEnabled":true,
              "AuthenticationConfiguration":{"AccessRoleArn":"arn:aws:iam::000000000000:role/access"},
              "ImageRepository":{"ImageIdentifier":"123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1","ImageRepositoryType":"ECR",
                "ImageConfiguration":{"Port":"3000","StartCommand":"serve --name 'a b'","RuntimeEnvironmentVariables":{"A":"1","B":"two\nlines"}}}},
             "InstanceConfiguration":{"Cpu":"2 vCPU","Memory":"4096","InstanceRoleArn":"arn:aws:iam::000000000000:role/instance"},
             "EncryptionConfiguration":{"KmsKey":"arn:aws:kms:us-east-1:000000000000:key/11111111-2222-3333-4444-555555555555"},
             "HealthCheckConfiguration":{"Protocol":"HTTP","Path":"/healthz","Interval":2,"Timeout":10,"HealthyThreshold":3,"UnhealthyThreshold":4},
             "NetworkConfiguration":{"IpAddressType":"DUAL_STACK","EgressConfiguration":{"EgressType":"DEFAULT"},"IngressConfiguration":{"IsPubliclyAccessible":true}},
             "ObservabilityConfiguration":{"ObservabilityEnabled":false}}
            """)!.AsObject();

        var service = (await _client.Call("CreateService", input))["Service"]!;

        service["ServiceUrl"]!.GetValue<string>().ShouldBe("full-service.sanbashi.localhost:8080");
        service["SourceConfiguration"].ShouldBeJson(
            """{"ImageRepository":{"ImageIdentifier":"123456789012.dkr.ecr.us-east-1.amazonaws.com/app:1","ImageConfiguration":{"Port":"3000","StartCommand":"serve --name 'a b'","RuntimeEnvironmentVariables":{"A":"1","B":"two\nlines"}},"ImageRepositoryType":"ECR"},"AutoDeploymentsEnabled":true,"AuthenticationConfiguration":{"AccessRoleArn":"arn:aws:iam::000000000000:role/access"}}""");
        service["InstanceConfiguration"].ShouldBeJson("""{"Cpu":"2048","Memory":"4096","InstanceRoleArn":"arn:aws:iam::000000000000:role/instance"}""");
        service["EncryptionConfiguration"].ShouldBeJson("""{"KmsKey":"arn:aws:kms:us-east-1:000000000000:key/11111111-2222-3333-4444-555555555555"}""");
        service["HealthCheckConfiguration"].ShouldBeJson(
            """{"Protocol":"HTTP","Path":"/healthz","Interval":2,"Timeout":10,"HealthyThreshold":3,"UnhealthyThreshold":4}""");
        service["NetworkConfiguration"]!["IpAddressType"]!.GetValue<string>().ShouldBe("DUAL_STACK");
    }

    [Theory]
    [InlineData("""{"CodeRepository":{"RepositoryUrl":"https://example.com/x","SourceCodeVersion":{"Type":"BRANCH","Value":"main"}}}""", "SourceConfiguration.CodeRepository) are not available in this version")]
    [InlineData("""{"CodeRepository":{"RepositoryUrl":"https://example.com/x","SourceCodeVersion":{"Type":"BRANCH","Value":"main"}},"ImageRepository":{"ImageIdentifier":"app:1","ImageRepositoryType":"ECR"}}""", "Give exactly one")]
    [InlineData("{}", "names no source")]
    [InlineData("""{"ImageRepository":{"ImageIdentifier":"app:1","ImageRepositoryType":"ECR","ImageConfiguration":{"RuntimeEnvironmentSecrets":{"S":"arn:aws:s3:::x"}}}}""", "'S' refers neither to a secret nor to a parameter")]
    [InlineData("""{"ImageRepository":{"ImageIdentifier":"app:1","ImageRepositoryType":"ECR","ImageConfiguration":{"RuntimeEnvironmentVariables":{"S":"1"},"RuntimeEnvironmentSecrets":{"S":"arn"}}}}""", "Give it in one of them")]
    [InlineData("""{"ImageRepository":{"ImageIdentifier":"app:1","ImageRepositoryType":"ECR","ImageConfiguration":{"RuntimeEnvironmentVariables":{"PORT":"1"}}}}""", "PORT is reserved")]
    [InlineData("""{"ImageRepository":{"ImageIdentifier":"app:1","ImageRepositoryType":"ECR","ImageConfiguration":{"RuntimeEnvironmentVariables":{"A=B":"1"}}}}""", "cannot have '='")]
    [InlineData("""{"ImageRepository":{"ImageIdentifier":"app:1","ImageRepositoryType":"ECR","ImageConfiguration":{"Port":"0"}}}""", "not a number from 1 to 65535")]
    [InlineData("""{"ImageRepository":{"ImageIdentifier":"app:1","ImageRepositoryType":"ECR","ImageConfiguration":{"Port":"65536"}}}""", "not a number from 1 to 65535")]
    [InlineData("""{"ImageRepository":{"ImageIdentifier":"app:1","ImageRepositoryType":"ECR","ImageConfiguration":{"Port":" 80"}}}""", "not a number from 1 to 65535")]
    [InlineData("""{"ImageRepository":{"ImageIdentifier":"app:1","ImageRepositoryType":"ECR","ImageConfiguration":{"StartCommand":"sh -c 'open"}}}""", "single quote at character 7 is not closed")]
    [InlineData("""{"AutoDeploymentsEnabled":true,"ImageRepository":{"ImageIdentifier":"public.ecr.aws/x/y:1","ImageRepositoryType":"ECR_PUBLIC"}}""", "automatic deployments are unsupported for an image in an ECR Public repository")]
    [InlineData("""{"AuthenticationConfiguration":{"ConnectionArn":"arn:aws:apprunner:us-east-1:000000000000:connection/x/1"},"ImageRepository":{"ImageIdentifier":"app:1","ImageRepositoryType":"ECR"}}""", "ConnectionArn) are not available in this version")]
    public async Task Create_SourceThatCannotBe_IsRefusedWithTheReason(string source, string reason)
    {
        var input = ApiClient.NewService("bad-source");
        input["SourceConfiguration"] = JsonNode.Parse(source);

        (await _client.InvalidRequest("CreateService", input)).Message.ShouldContain(reason);
        (await _client.Call("ListServices"))["ServiceSummaryList"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("ObservabilityConfiguration", """{"ObservabilityEnabled":true}""", "Traces")]
    public async Task Create_CapabilityOfALaterVersion_IsRefusedByName(string member, string value, string capability)
    {
        var input = ApiClient.NewService("later");
        input[member] = JsonNode.Parse(value);

        var message = (await _client.InvalidRequest("CreateService", input)).Message;

        message.ShouldStartWith(capability);
        message.ShouldContain("not available in this version of Sanbashi");
    }

    [Theory]
    [InlineData("health")]
    [InlineData("/a b")]
    public async Task Create_HealthPathThatIsNone_IsRefused(string path)
    {
        var input = ApiClient.NewService("bad-path");
        input["HealthCheckConfiguration"] = new JsonObject { ["Path"] = path };

        (await _client.InvalidRequest("CreateService", input)).Message.ShouldContain("must start with '/'");
    }

    [Fact]
    public async Task Create_NameInUse_IsRefusedWithTheTextThatScriptsKnow()
    {
        await _client.Create(ApiClient.NewService("same-name"));

        (await _client.InvalidRequest("CreateService", ApiClient.NewService("same-name"))).Message
            .ShouldBe("Service with the provided name already exists: same-name.");
    }

    [Fact]
    public async Task Create_NameOfADeletedService_IsFreeAgain()
    {
        var arn = await _client.CreateRunning("again");
        await _client.Call("DeleteService", ApiClient.Named(arn));
        (await _client.InvalidRequest("CreateService", ApiClient.NewService("again"))).Message.ShouldContain("already exists");
        await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Deleted);

        var second = await _client.Create(ApiClient.NewService("again"));

        second.ShouldNotBe(arn);
        (await _client.Service(second)).HostLabel.ShouldBe("again");
    }

    [Fact]
    public async Task Create_SameNameInAnotherRegion_GetsAnotherHostName()
    {
        var other = host.NewRegion();
        await _client.Create(ApiClient.NewService("Two_Regions"));

        var second = await other.Service(await other.Create(ApiClient.NewService("Two_Regions")));

        second.HostLabel.ShouldBe($"two-regions-{second.Id[..6]}");
    }

    [Theory]
    [InlineData("A__b--C", "a-b-c")]
    [InlineData("end-_", "end")]
    public async Task Create_NameThatIsNoHostName_GetsATidyLabel(string name, string label)
    {
        (await _client.Service(await _client.Create(ApiClient.NewService(name)))).HostLabel.ShouldBe(label);
    }

    [Fact]
    public async Task Create_SameNameAtTheSameTime_SucceedsOnce()
    {
        var calls = Enumerable.Range(0, 8).Select(async _ =>
        {
            try
            {
                await _client.Create(ApiClient.NewService("race"));
                return true;
            }
            catch (Wire.ApiException refused)
            {
                refused.Message.ShouldBe("Service with the provided name already exists: race.");
                return false;
            }
        });

        (await Task.WhenAll(calls)).Count(created => created).ShouldBe(1);
    }

    [Fact]
    public async Task Create_BeyondTheQuota_IsRefused()
    {
        var client = host.NewRegion();
        for (var i = 0; i < 8; i++)
        {
            await client.Create(ApiClient.NewService($"quota-{i}"));
        }

        (await client.Refused("CreateService", ApiClient.NewService("quota-9"), "ServiceQuotaExceededException")).Message.ShouldContain("the quota is 8");
    }

    [Fact]
    public async Task Create_StartCommandOfBlanks_CountsAsNone()
    {
        var input = ApiClient.NewService("blank-command");
        input["SourceConfiguration"]!["ImageRepository"]!["ImageConfiguration"] = new JsonObject { ["StartCommand"] = "  " };

        (await _client.Service(await _client.Create(input))).Definition.Image.StartCommand.ShouldBeNull();
    }
}
