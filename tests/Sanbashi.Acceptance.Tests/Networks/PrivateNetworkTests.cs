using System.Net;
using System.Text.Json.Nodes;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Networks;

public sealed class PrivateNetworkTests(SharedPlatform shared)
{
    private const int Port = 5432;

    /// <summary>A listener in isolated subnets, as a database would be, and who reaches it.</summary>
    [Fact]
    public async Task Service_WithAConnector_ReachesItsDatabaseAndNobodyElseDoes()
    {
        Assert.SkipUnless(AwsCli.IsInstalled, "The aws command line is not installed.");
        var platform = await shared.Get();
        var aws = platform.Aws;
        var vpc = (string)(await aws.Run("ec2", "create-vpc", "--cidr-block", "10.0.0.0/16"))["Vpc"]!["VpcId"]!;
        var isolated = new List<string>();
        foreach (var block in new[] { "10.0.1.0/24", "10.0.2.0/24" })
        {
            isolated.Add((string)(await aws.Run("ec2", "create-subnet", "--vpc-id", vpc, "--cidr-block", block))["Subnet"]!["SubnetId"]!);
        }

        var app = await Group(aws, vpc, "app");
        var db = await Group(aws, vpc, "db");
        string[] rule = ["--group-id", db, "--protocol", "tcp", "--port", $"{Port}", "--source-group", app];
        await aws.Run(["ec2", "authorize-security-group-ingress", .. rule]);
        var connector = (string)(await aws.Run(
            ["apprunner", "create-vpc-connector", "--vpc-connector-name", "shop-net", "--security-groups", app, "--subnets", .. isolated]))["VpcConnector"]!["VpcConnectorArn"]!;

        var network = await Eventually.Get(async () => (await platform.EngineApi.Networks($"sanbashi.vpc={vpc}")).Select(found => (string)found!["Name"]!).FirstOrDefault(), name => name is not null);
        var database = await Listener(platform, network!, "shop-db", db, isolated[0]);
        try
        {
            var image = await shared.Images.TestApp();
            var service = await platform.Api.RunService("netted", image, new ServiceRequest { VpcConnectorArn = connector });
            var unrelated = await platform.Api.RunService("unrelated", image);
            ((string)(await service.Describe())["NetworkConfiguration"]!["EgressConfiguration"]!["VpcConnectorArn"]!).ShouldBe(connector);

            // By name and through the gateway; nothing else in the network, and not the world.
            await Eventually.True(async () => await Connects(platform, service, "shop-db", Port) == "connected");
            (await Connects(platform, service, "shop-db", Port + 1)).ShouldBe("silence");
            (await Connects(platform, service, "192.0.2.1", 443)).ShouldNotBe("silence");
            (await Connects(platform, unrelated, database.Address, Port)).ShouldNotBe("connected");

            // A rule that is revoked stops what runs, and comes back.
            await aws.Run(["ec2", "revoke-security-group-ingress", .. rule]);
            await Eventually.True(async () => await Connects(platform, service, "shop-db", Port) == "silence");
            await aws.Run(["ec2", "authorize-security-group-ingress", .. rule]);
            await Eventually.True(async () => await Connects(platform, service, "shop-db", Port) == "connected");

            await PrivateService(platform, vpc, isolated[0], app, service, unrelated);

            (await aws.Try("apprunner", "delete-vpc-connector", "--vpc-connector-arn", connector)).Error.ShouldContain("service(s) use it: netted");
            (await aws.Try("ec2", "delete-security-group", "--group-id", app)).Error.ShouldContain("(DependencyViolation)");
            await service.WaitForOperation(await service.Delete(), "SUCCEEDED");
            await unrelated.WaitForOperation(await unrelated.Delete(), "SUCCEEDED");
        }
        finally
        {
            await platform.EngineApi.Delete($"containers/{database.Id}?force=1");
        }

        // Nothing is left when nothing is wanted.
        await aws.Run("apprunner", "delete-vpc-connector", "--vpc-connector-arn", connector);
        await Eventually.True(async () => (await platform.EngineApi.Networks($"sanbashi.vpc={vpc}")).Count == 0);
        await aws.Run("ec2", "delete-security-group", "--group-id", db);
        await aws.Run("ec2", "delete-security-group", "--group-id", app);
        foreach (var subnet in isolated)
        {
            await aws.Run("ec2", "delete-subnet", "--subnet-id", subnet);
        }

        await aws.Run("ec2", "delete-vpc", "--vpc-id", vpc);
    }

    /// <summary>A service that answers within the network only, under its name there.</summary>
    private async Task PrivateService(Platform platform, string vpc, string subnet, string group, ServiceHandle inside, ServiceHandle outside)
    {
        var aws = platform.Aws;
        var door = await Group(aws, vpc, "door");
        await aws.Run("ec2", "authorize-security-group-ingress", "--group-id", door, "--protocol", "tcp", "--port", "80", "--source-group", group);
        var endpoint = (string)(await aws.Run(
            "ec2", "create-vpc-endpoint", "--vpc-id", vpc, "--vpc-endpoint-type", "Interface", "--service-name", "com.amazonaws.local-1.apprunner.requests",
            "--subnet-ids", subnet, "--security-group-ids", door))["VpcEndpoint"]!["VpcEndpointId"]!;
        var hidden = await platform.Api.RunService("hidden", await shared.Images.TestApp("hidden-1"), new ServiceRequest { IsPrivate = true });
        (await platform.Gateway.Get(hidden.Host, "/healthz")).Status.ShouldBe(HttpStatusCode.Forbidden);
        var connection = (await aws.Run(
            "apprunner", "create-vpc-ingress-connection", "--service-arn", hidden.Arn, "--vpc-ingress-connection-name", "hidden-door",
            "--ingress-vpc-configuration", $"VpcId={vpc},VpcEndpointId={endpoint}"))["VpcIngressConnection"]!;
        var name = (string)connection["DomainName"]!;

        await Eventually.True(async () => await Fetch(inside, name) == "200 healthy");
        (await platform.Gateway.Get(name, "/healthz")).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await Fetch(outside, name)).ShouldNotStartWith("200");

        // The endpoint's group decides who may come.
        await aws.Run("ec2", "revoke-security-group-ingress", "--group-id", door, "--protocol", "tcp", "--port", "80", "--source-group", group);
        await Eventually.True(async () => await Fetch(inside, name) == nameof(TaskCanceledException));

        await aws.Run("apprunner", "delete-vpc-ingress-connection", "--vpc-ingress-connection-arn", (string)connection["VpcIngressConnectionArn"]!);
        await hidden.WaitForOperation(await hidden.Delete(), "SUCCEEDED");
        await aws.Run("ec2", "delete-vpc-endpoints", "--vpc-endpoint-ids", endpoint);
        await aws.Run("ec2", "delete-security-group", "--group-id", door);

        async Task<string> Fetch(ServiceHandle from, string name) => (await platform.Gateway.Get(from.Host, $"/fetch?name={name}&path=/healthz")).Body;
    }

    private static async Task<string> Group(AwsCli aws, string vpc, string name) =>
        (string)(await aws.Run("ec2", "create-security-group", "--vpc-id", vpc, "--group-name", name, "--description", name))["GroupId"]!;

    private static async Task<string> Connects(Platform platform, ServiceHandle service, string host, int port) =>
        (await platform.Gateway.Get(service.Host, $"/connect?host={host}&port={port}")).Body;

    /// <summary>What somebody runs by himself in the network.</summary>
    private async Task<(string Id, string Address)> Listener(Platform platform, string network, string name, string group, string subnet)
    {
        var body = new JsonObject
        {
            ["Image"] = await shared.Images.BusyBox(),
            ["Cmd"] = new JsonArray("/bin/busybox", "httpd", "-f", "-p", $"{Port}", "-h", "/www"),
            ["Labels"] = new JsonObject { ["sanbashi.security-groups"] = group, ["sanbashi.subnet"] = subnet },
            ["HostConfig"] = new JsonObject { ["NetworkMode"] = network },
        };
        var id = (string)JsonNode.Parse(await platform.EngineApi.Post($"containers/create?name={name}", body))!["Id"]!;
        await platform.EngineApi.Post($"containers/{id}/start");
        return (id, (string)(await platform.EngineApi.Get($"containers/{id}/json"))["NetworkSettings"]!["Networks"]![network]!["IPAddress"]!);
    }
}
