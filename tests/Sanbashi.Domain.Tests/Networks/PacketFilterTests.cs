using FsCheck;
using FsCheck.Fluent;
using Sanbashi.Domain.Networks;

namespace Sanbashi.Domain.Tests.Networks;

public sealed class PacketFilterTests
{
    private static readonly GroupDesign _all = new("sg-app", [], [FilterLab.To("-1", null, null, "0.0.0.0/0")]);
    private static readonly GroupDesign _database = new("sg-db", [FilterLab.To("tcp", 5432, 5432, "sg-app")], []);

    [Fact]
    public void Text_OfAServiceAndADatabase_IsThis() => FilterLab.Render(
        FilterLab.Design(_all, _database),
        FilterLab.Member(2, FilterLab.Open, isReachable: false, "sg-app"),
        FilterLab.Member(3, FilterLab.Isolated, isReachable: true, "sg-db")).ShouldBe("""
        table inet sanbashi_test_vpc {
        }
        delete table inet sanbashi_test_vpc
        table inet sanbashi_test_vpc {
            chain out_within_0 {
                ip daddr 10.213.4.0/22 goto arriving
                drop
            }
            chain out_1 {
                ip daddr 0.0.0.0/0 accept
                drop
            }
            chain out_within_2 {
                drop
            }
            chain out_3 {
                drop
            }
            chain in_4 {
                ip saddr { 10.213.4.2 } tcp dport 5432 accept
                drop
            }
            chain reach_5 {
                ip daddr 10.0.0.0/16 reject with icmpx type admin-prohibited
                reject with icmpx type admin-prohibited
            }
            chain reach_6 {
                ip daddr 10.0.0.0/16 reject with icmpx type admin-prohibited
                ip daddr 192.0.2.0/24 reject with icmpx type admin-prohibited
                ip daddr 0.0.0.0/0 return
                reject with icmpx type admin-prohibited
            }
            map in {
                type ipv4_addr : verdict
                elements = { 10.213.4.3 : goto in_4 }
            }
            map out {
                type ipv4_addr : verdict
                elements = { 10.213.4.2 : goto out_1, 10.213.4.3 : goto out_3 }
            }
            map out_within {
                type ipv4_addr : verdict
                elements = { 10.213.4.2 : goto out_within_0, 10.213.4.3 : goto out_within_2 }
            }
            map reach {
                type ipv4_addr : verdict
                elements = { 10.213.4.2 : jump reach_6, 10.213.4.3 : jump reach_5 }
            }
            chain arriving {
                ip daddr vmap @in
                drop
            }
            chain within {
                ip saddr vmap @out_within
                drop
            }
            chain leaving {
                ct direction reply ct state established accept
                ct state related accept
                ip daddr 169.254.0.0/16 drop
                iifname . oifname { "sv0123456789abc" . "sv0123456789abc" } goto within
                oifname { "sbtest", "sv0123456789abc" } drop
                ip saddr vmap @reach
                ip saddr vmap @out
                drop
            }
            chain entering {
                ct direction reply ct state established accept
                ct state related accept
                drop
            }
            chain forward {
                type filter hook forward priority -10; policy accept;
                iifname { "sv0123456789abc" } goto leaving
                oifname { "sv0123456789abc" } goto entering
            }
            chain to_machine {
                ct state established,related accept
                udp dport 53 accept
                tcp dport 53 accept
                ct status dnat ip daddr 127.0.0.1 tcp dport { 8080 } accept
                drop
            }
            chain input {
                type filter hook input priority -10; policy accept;
                iifname { "sv0123456789abc" } goto to_machine
            }
        }

        """.ReplaceLineEndings("\n"));

    [Fact]
    public void NoNetworks_TakeTheTableAway() =>
        PacketFilter.Render("t", NetworkDesign.Empty, [], [], [], []).ShouldBe("table inet t {\n}\ndelete table inet t\n");

    [Fact]
    public void World_IsReachedByRoutesAndGroups()
    {
        var text = FilterLab.Render(
            FilterLab.Design(new GroupDesign("sg-web", [], [FilterLab.To("tcp", 443, 443, "0.0.0.0/0")])),
            FilterLab.Member(2, FilterLab.Open, isReachable: false, "sg-web"),
            FilterLab.Member(3, FilterLab.Isolated, isReachable: false, "sg-web"));

        Reaches(text, 2, "8.8.8.8", 443).ShouldBeTrue();
        Reaches(text, 2, "8.8.8.8", 80).ShouldBeFalse();

        // Its route leads nowhere; the plan is not outside; the other subnet has no route.
        Reaches(text, 2, "192.0.2.1", 443).ShouldBeFalse();
        Reaches(text, 2, "10.0.9.9", 443).ShouldBeFalse();
        Reaches(text, 3, "8.8.8.8", 443).ShouldBeFalse();
    }

    [Fact]
    public void Endpoint_IsReachedByWhomItsGroupsLetIn()
    {
        var door = new GroupDesign("sg-door", [FilterLab.To("tcp", 80, 80, "sg-web")], []);
        var web = new GroupDesign("sg-web", [], [FilterLab.To("-1", null, null, "sg-door")]);
        var other = new GroupDesign("sg-other", [], [FilterLab.To("-1", null, null, "0.0.0.0/0")]);
        var design = FilterLab.Design(door, web, other);
        design = new NetworkDesign([design.Vpcs[0] with { Endpoints = [new EndpointDesign([FilterLab.Isolated], ["sg-door"])] }]);
        var text = FilterLab.Render(design, FilterLab.Member(2, FilterLab.Open, isReachable: false, "sg-web"), FilterLab.Member(3, FilterLab.Open, isReachable: false, "sg-other"));

        Connects(text, 2, 1, 80).ShouldBeTrue();
        Connects(text, 2, 1, 443).ShouldBeFalse();
        Connects(text, 3, 1, 80).ShouldBeFalse();
        text.ShouldContain("iifname \"sv0123456789abc\" ip daddr 10.213.4.1 tcp dport { 80, 8080 } goto within");
        text.ShouldContain("iifname \"sv0123456789abc\" ip daddr 10.213.4.1 tcp dport 80 dnat ip to 127.0.0.1:8080");
    }

    [Fact]
    public void PartOfASubnet_MeansNobody()
    {
        var group = new GroupDesign("sg-a", [FilterLab.To("tcp", 0, 65535, "10.0.1.0/25")], [FilterLab.To("-1", null, null, "0.0.0.0/0")]);
        var whole = group with { Ingress = [FilterLab.To("tcp", 0, 65535, "10.0.1.0/24")] };
        VpcMember[] members = [FilterLab.Member(2, FilterLab.Open, isReachable: true, "sg-a"), FilterLab.Member(3, FilterLab.Isolated, isReachable: true, "sg-a")];

        Connects(FilterLab.Render(FilterLab.Design(group), members), 2, 3, 80).ShouldBeFalse();
        Connects(FilterLab.Render(FilterLab.Design(whole), members), 2, 3, 80).ShouldBeTrue();
        Connects(FilterLab.Render(FilterLab.Design(whole), members), 3, 2, 80).ShouldBeFalse();
    }

    [Fact]
    public void AnyDesign_LetsThroughWhatBothSidesAllow() => Prop.ForAll(
        Cases(),
        sample =>
        {
            var (groups, members, from, to, port) = sample;
            var text = FilterLab.Render(FilterLab.Design(groups), members);
            Connects(text, from, to, port).ShouldBe(Allowed(groups, members, from, to, port));

            // Neither the order of what comes in nor a repetition changes a letter.
            FilterLab.Render(FilterLab.Design([.. groups.Select(Reversed)]), [.. members.AsEnumerable().Reverse(), members[0]]).ShouldBe(text);
        }).QuickCheckThrowOnFailure();

    private static bool Reaches(string text, int from, string to, int port) =>
        FilterLab.Passes(text, FilterLab.Place.Block.First + (uint)from, Ipv4Block.Number(System.Net.IPAddress.Parse(to)), port);

    private static bool Connects(string text, int from, int to, int port) =>
        FilterLab.Passes(text, FilterLab.Place.Block.First + (uint)from, FilterLab.Place.Block.First + (uint)to, port);

    private static GroupDesign Reversed(GroupDesign group) => new(group.Id, [.. group.Ingress.Reverse()], [.. group.Egress.Reverse()]);

    /// <summary>The rules as EC2's documents say them, on purpose written another way.</summary>
    private static bool Allowed(GroupDesign[] groups, VpcMember[] members, int from, int to, int port)
    {
        var sender = Find(from);
        var receiver = Find(to);
        return sender is not null && receiver is { IsReachable: true }
            && groups.Where(group => sender.GroupIds.Contains(group.Id)).Any(group => group.Egress.Any(rule => Lets(rule, receiver)))
            && groups.Where(group => receiver.GroupIds.Contains(group.Id)).Any(group => group.Ingress.Any(rule => Lets(rule, sender)));

        VpcMember? Find(int host) => members.FirstOrDefault(member => member.Address == FilterLab.Place.Block.First + host);

        bool Lets(SecurityGroupPermission rule, VpcMember peer) =>
            (rule.Protocol == "-1" || (rule.Protocol == "tcp" && port >= rule.FromPort && port <= rule.ToPort))
            && (rule.Peer.GroupId is { } group
                ? peer.GroupIds.Contains(group)
                : rule.Peer.Cidr is "0.0.0.0/0" || (rule.Peer.Cidr is "10.0.1.0/24" && peer.SubnetId == FilterLab.Open));
    }

    private static Arbitrary<(GroupDesign[] Groups, VpcMember[] Members, int From, int To, int Port)> Cases()
    {
        string[] ids = ["sg-a", "sg-b", "sg-c"];
        var permission =
            from protocol in Gen.Elements("-1", "tcp", "udp")
            from port in Gen.Elements(80, 443)
            from width in Gen.Elements(0, 400)
            from peer in Gen.Elements("0.0.0.0/0", "10.0.1.0/24", "10.0.2.128/25", "sg-a", "sg-b", "sg-c")
            select protocol == "-1" ? FilterLab.To(protocol, null, null, peer) : FilterLab.To(protocol, port, port + width, peer);
        var rules =
            from ingress in permission.ListOf()
            from egress in permission.ListOf()
            select (Ingress: ingress.Take(4), Egress: egress.Take(4));
        var member =
            from subnet in Gen.Elements(FilterLab.Open, FilterLab.Isolated)
            from isReachable in Gen.Elements(true, true, false)
            from membership in Gen.SubListOf(ids)
            select (subnet, isReachable, membership);
        return (from groups in rules.ArrayOf(3)
                from members in member.ArrayOf(4)
                from hosts in Gen.Choose(2, 6).ArrayOf(2)
                from port in Gen.Elements(80, 443, 500, 9000)
                select (
                    groups.Select((parts, index) => new GroupDesign(ids[index], [.. parts.Ingress], [.. parts.Egress])).ToArray(),
                    members.Select((parts, index) => FilterLab.Member(index + 2, parts.subnet, parts.isReachable, [.. parts.membership])).ToArray(),
                    hosts[0],
                    hosts[1],
                    port)).ToArbitrary();
    }
}
