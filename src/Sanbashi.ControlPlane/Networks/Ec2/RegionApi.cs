using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Networks;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Networks.Ec2;

/// <summary>Regions and their zones. Any name is a region, so that only those that the call itself names can be listed.</summary>
internal sealed class RegionApi(Ec2Calls calls)
{
    public void Register(ApiService api) => api
        .Handle("DescribeRegions", calls.Query(Regions))
        .Handle("DescribeAvailabilityZones", calls.Query(Zones));

    /// <summary><c>eu-west-1a</c> is <c>eu-west-1-az1</c>.</summary>
    public static string ZoneId(string zone) => $"{zone[..^1]}-az{zone[^1] - 'a' + 1}";

    private static JsonObject Regions(ApiCall call, NetworkMap map)
    {
        var names = call.Input.Texts("RegionNames") is { Count: > 0 } given ? given : [call.Region];
        return new JsonObject
        {
            ["Regions"] = ApiOutput.List(names.Distinct(StringComparer.Ordinal).Select(name => new JsonObject
            {
                ["RegionName"] = name,
                ["Endpoint"] = $"ec2.{name}.amazonaws.com",
                ["OptInStatus"] = "opt-in-not-required",
            })),
        };
    }

    private static JsonObject Zones(ApiCall call, NetworkMap map)
    {
        var (names, ids) = (call.Input.Texts("ZoneNames") ?? [], call.Input.Texts("ZoneIds") ?? []);
        var zones = DefaultNetwork.ZonesOf(call.Region);
        if (names.FirstOrDefault(name => !zones.Contains(name)) is { } unknown)
        {
            throw Ec2Errors.Invalid($"Invalid availability zone: [{Excerpt.Of(unknown)}]");
        }

        return new JsonObject
        {
            ["AvailabilityZones"] = ApiOutput.List(zones
                .Where(zone => names.Count == 0 || names.Contains(zone))
                .Where(zone => ids.Count == 0 || ids.Contains(ZoneId(zone)))
                .Select(zone => new JsonObject
                {
                    ["ZoneName"] = zone,
                    ["ZoneId"] = ZoneId(zone),
                    ["ZoneType"] = "availability-zone",
                    ["RegionName"] = call.Region,
                    ["GroupName"] = call.Region,
                    ["NetworkBorderGroup"] = call.Region,
                    ["State"] = "available",
                    ["OptInStatus"] = "opt-in-not-required",
                    ["Messages"] = new JsonArray(),
                })),
        };
    }
}
