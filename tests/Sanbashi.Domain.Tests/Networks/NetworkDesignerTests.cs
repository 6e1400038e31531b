using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Networks;

namespace Sanbashi.Domain.Tests.Networks;

public sealed class NetworkDesignerTests
{
    private static readonly DateTimeOffset _now = DateTimeOffset.UnixEpoch;
    private int _ids;

    [Fact]
    public void Vpcs_InWhichNothingCanBe_GetNoNetwork()
    {
        var map = Region();

        NetworkDesigner.Of([map]).Vpcs.ShouldBeEmpty();
        NetworkDesigner.Of([map.With(Connector(map))]).Vpcs.ShouldHaveSingleItem().Id.ShouldBe(map.DefaultVpc!.Id);
        NetworkDesigner.Of([map.With(Connector(map) with { DeletedAt = _now })]).Vpcs.ShouldBeEmpty();
    }

    [Fact]
    public void Subnets_GoByTheirOwnTableOrTheMainOne()
    {
        var map = Region();
        var isolated = map.SubnetsOf(map.DefaultVpc!.Id).First();
        map = map.With(Connector(map)).With(new RouteTableRecord
        {
            Id = "rtb-own",
            CreatedAt = _now,
            VpcId = map.DefaultVpc.Id,
            Associations = [new RouteTableAssociationEntry("rtbassoc-own", isolated.Id)],
        });

        var vpc = NetworkDesigner.Of([map]).Vpcs.Single();

        vpc.Subnets.Single(subnet => subnet.Id == isolated.Id).Routes.ShouldBeEmpty();
        vpc.Subnets.Where(subnet => subnet.Id != isolated.Id).ShouldAllBe(subnet => subnet.Routes.Single().IsOpen);
    }

    [Fact]
    public void Routes_ToGatewaysThatAreGone_AreClosedAndTheNarrowestCountsFirst()
    {
        var map = Region();
        var (gateway, table) = (map.All<InternetGatewayRecord>().Single(), map.All<RouteTableRecord>().Single());
        var nat = new NatGatewayRecord { Id = "nat-1", CreatedAt = _now, VpcId = table.VpcId, SubnetId = "subnet-1", PrivateIp = "172.31.0.4", IsPublic = false };
        map = map.With(Connector(map)).With(nat).With(table with { Routes = [.. table.Routes, new RouteEntry("192.0.2.0/24", nat.Id)] });

        NetworkDesigner.Of([map]).Vpcs.Single().Subnets[0].Routes.Select(route => (route.Destination.ToString(), route.IsOpen)).ShouldBe([("192.0.2.0/24", false), ("0.0.0.0/0", true)]);
        NetworkDesigner.Of([map.With(gateway with { VpcId = null })]).Vpcs.Single().Subnets[0].Routes.ShouldAllBe(route => !route.IsOpen);
    }

    [Fact]
    public void Instances_AreSpreadOverTheSubnetsForGood()
    {
        var attachment = new NetworkAttachment("vpc-1", ["subnet-a", "subnet-b"], []);
        var ids = Enumerable.Range(0, 64).Select(index => $"{index:x32}").ToList();

        ids.Select(attachment.SubnetOf).Distinct().Count().ShouldBe(2);
        ids.Select(attachment.SubnetOf).ShouldBe(ids.Select(attachment.SubnetOf));
    }

    private NetworkMap Region() =>
        DefaultNetwork.Region("r", prefix => $"{prefix}-{_ids++:x17}", _now).Aggregate(NetworkMap.Empty, (map, resource) => map.With(resource));

    private static VpcConnectorRecord Connector(NetworkMap map) => new()
    {
        Id = "connector",
        CreatedAt = _now,
        Scope = new ResourceScope("000000000000", "r"),
        Name = "net",
        VpcId = map.DefaultVpc!.Id,
        SubnetIds = [map.SubnetsOf(map.DefaultVpc.Id).First().Id],
        GroupIds = [],
    };
}
