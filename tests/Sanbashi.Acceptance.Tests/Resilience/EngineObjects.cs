using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Resilience;

/// <summary>Compares what the engine has with what the platform says it has.</summary>
internal static class EngineObjects
{
    /// <summary>Waits until every container of the service belongs to an instance that is described, and one of them is healthy.</summary>
    public static Task ShouldHaveOnlyWantedInstances(Platform platform, ServiceHandle service) => Eventually.True(async () =>
    {
        var described = (await service.Instances()).Select(instance => (string)instance!["InstanceId"]!).ToHashSet(StringComparer.Ordinal);
        var containers = (await platform.EngineApi.Containers($"sanbashi.service={service.Id}")).Select(container => (string)container!["Labels"]!["sanbashi.instance"]!);
        return described.SetEquals(containers) && (await service.Instances()).Count(instance => (string)instance!["Health"]! == "HEALTHY") == 1;
    });
}
