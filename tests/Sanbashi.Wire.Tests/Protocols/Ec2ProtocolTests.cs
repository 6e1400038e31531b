using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Sanbashi.Wire.Tests.Dispatch;

namespace Sanbashi.Wire.Tests.Protocols;

public sealed class Ec2ProtocolTests
{
    private static readonly ServiceModel Model = ServiceModel.LoadEmbedded("ec2");

    [Fact]
    public void Input_HasCapitalNamesAndListsWithoutElementNames()
    {
        var input = Read(
            "AuthorizeSecurityGroupEgress",
            "DryRun=true&GroupId=sg-1&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=80&IpPermissions.1.Groups.1.GroupId=sg-2&IpPermissions.2.IpRanges.1.CidrIp=10.0.0.0%2F8"
            + "&TagSpecification.1.ResourceType=security-group-rule&TagSpecification.1.Tag.1.Key=a&TagSpecification.1.Tag.2.Key=b");

        JsonNode.DeepEquals(input, JsonNode.Parse("""
            {"DryRun": true, "GroupId": "sg-1",
             "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 80, "UserIdGroupPairs": [{"GroupId": "sg-2"}]}, {"IpRanges": [{"CidrIp": "10.0.0.0/8"}]}],
             "TagSpecifications": [{"ResourceType": "security-group-rule", "Tags": [{"Key": "a"}, {"Key": "b"}]}]}
            """)).ShouldBeTrue(input.ToJsonString());
        Read("DescribeVpcs", "Filter.1.Name=vpc-id&Filter.1.Value.1=a&Filter.1.Value.2=b&VpcId.1=vpc-1")["Filters"]![0]!["Values"]!.AsArray().Count.ShouldBe(2);
    }

    [Fact]
    public async Task Output_HasNoWrapperAndItems()
    {
        var output = (JsonObject)JsonNode.Parse("""{"Vpcs": [{"VpcId": "vpc-1", "IsDefault": false, "Tags": []}], "NextToken": "x"}""")!;
        await using var host = await WireHost.Start([new ApiService(Model).Handle("DescribeVpcs", WireHost.Answer(output)).Handle("DeleteVpc", WireHost.Answer([]))]);

        using var response = await Post(host, "Action=DescribeVpcs&Version=2016-11-15");
        using var empty = await Post(host, "Action=DeleteVpc&Version=2016-11-15&VpcId=vpc-1");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        var requestId = response.Headers.GetValues("x-amzn-RequestId").Single();
        (await Text(response)).ShouldBe(
            $"<DescribeVpcsResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15\"><requestId>{requestId}</requestId><nextToken>x</nextToken>"
            + "<vpcSet><item><isDefault>false</isDefault><tagSet /><vpcId>vpc-1</vpcId></item></vpcSet></DescribeVpcsResponse>");
        (await Text(empty)).ShouldContain("<return>true</return>");
    }

    [Theory]
    [InlineData("Action=DeleteVpc&Version=2016-11-15&VpcId=vpc-1", 400, "InvalidVpcID.NotFound", "The vpc ID")]
    [InlineData("Action=DeleteVpc&Version=2016-11-15", 400, "MissingParameter", "'vpcId'")]
    [InlineData("Action=DescribeVpcs&Version=2016-11-15&MaxResults=1", 400, "InvalidParameterValue", "'maxResults'")]
    [InlineData("Action=DescribeVpcs&Version=2016-11-15&MaxResults=x", 400, "InvalidParameterValue", "not a valid integer")]
    [InlineData("Action=DeleteEverything&Version=2016-11-15", 400, "InvalidAction", "Could not find operation")]
    [InlineData("Action=DescribeVpcs&Version=2016-11-15&DryRun=true", 412, "DryRunOperation", "would have succeeded")]
    public async Task Error_OfEachKind_HasTheFormOfEc2(string form, int status, string code, string message)
    {
        var service = new ApiService(Model)
            .Handle("DeleteVpc", (_, _) => throw new ApiException("InvalidVpcID.NotFound", "The vpc ID 'vpc-1' does not exist"))
            .Handle("DescribeVpcs", (_, _) => throw new ApiException(Ec2Protocol.DryRun, "Request would have succeeded, but DryRun flag is set."));
        await using var host = await WireHost.Start([service]);

        using var response = await Post(host, form);

        ((int)response.StatusCode).ShouldBe(status);
        var error = XDocument.Parse(await Text(response)).Root!;
        error.Name.ShouldBe("Response");
        error.Element("Errors")!.Element("Error")!.Element("Code")!.Value.ShouldBe(code);
        error.Element("Errors")!.Element("Error")!.Element("Message")!.Value.ShouldContain(message);
        error.Element("RequestID")!.Value.ShouldBe(response.Headers.GetValues("x-amzn-RequestId").Single());
    }

    private static JsonObject Read(string operation, string form) => QueryInputReader.OfEc2.Read(Model.Operations[operation].Input!.Shape, FormParameters.Parse(form));

    private static Task<string> Text(HttpResponseMessage response) => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private static async Task<HttpResponseMessage> Post(WireHost host, string form)
    {
        var body = Encoding.UTF8.GetBytes(form);
        using var request = new HttpRequestMessage(HttpMethod.Post, host.Endpoint) { Content = new ByteArrayContent(body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
        SigV4Signer.Sign(request, body, WireHost.Root, "ec2", WireHost.Region, TimeProvider.System.GetUtcNow());
        return await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
