using System.Text.Json.Nodes;
using Sanbashi.Acceptance.Tests.Engine;
using Sanbashi.Acceptance.Tests.Load;
using Sanbashi.Acceptance.Tests.Platforms;
using Sanbashi.Wire;

namespace Sanbashi.Acceptance.Tests.Resilience;

/// <summary>A platform whose control plane is killed at chosen steps, and what must hold whenever it has been.</summary>
public sealed class KillDrill : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sanbashi-kill-").FullName;
    private Platform? _platform;
    private string _installation = "";

    /// <summary>
    /// <c>SANBASHI_KILL_DRILL=store</c> kills at every commit, <c>any</c> at every commit and every change in the engine (both take minutes); by default at
    /// some commits and at one change in the engine for each kind of operation.
    /// </summary>
    private static string? Whole => Environment.GetEnvironmentVariable("SANBASHI_KILL_DRILL") is { Length: > 0 } kind ? kind : null;

    private string KillFile => Path.Combine(_folder, "kill");

    internal Platform Platform => _platform!;

    /// <summary>What to arm the kill point with, one after another.</summary>
    /// <param name="change">The change in the engine that stands for all when the drill is not the whole one.</param>
    /// <param name="commits">The commits that do.</param>
    public static IEnumerable<string> Steps(int change, params int[] commits)
    {
        if (Whole is null)
        {
            return commits.Select(commit => $"store {commit}").Prepend($"engine {change}");
        }

        // Until there is no such step any more.
        return Enumerable.Range(1, int.MaxValue).Select(step => $"{Whole} {step}");
    }

    public async ValueTask InitializeAsync()
    {
        using var engine = new EngineApi(EngineApi.DefaultAddress);
        Assert.SkipUnless(await engine.Answers(), $"No container engine answers at {engine.Address}: start one or set DOCKER_HOST.");
        _platform = await Platform.Start(new PlatformOptions { Environment = new Dictionary<string, string> { ["SANBASHI_TEST_KILL_FILE"] = KillFile } });
        _installation = (await EngineLeftovers.InstallationId(_platform.Store))!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_platform is not null)
        {
            await _platform.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>
    /// Begins an operation on the service with the control plane about to be killed, and returns when everything is at rest again, with the step at which it
    /// was killed; null when the operation had fewer steps.
    /// </summary>
    /// <param name="at">What the kill point is armed with.</param>
    /// <param name="service">The service.</param>
    /// <param name="begin">Asks for the operation.</param>
    /// <param name="outcome">How the operation has to end.</param>
    /// <param name="status">What the service has to be then.</param>
    internal async Task<string?> Kill(string at, ServiceHandle service, Func<Task> begin, string outcome, string status)
    {
        var known = (await service.Operations()).Select(operation => (string)operation!["Id"]!).ToHashSet(StringComparer.Ordinal);
        await File.WriteAllTextAsync(KillFile, at);
        while (await Unless(begin))
        {
            // Without an answer it may have been written or not; as any client would, look, and ask again if it was not.
            if ((await Ask(service.Operations)).Any(operation => !known.Contains((string)operation!["Id"]!)))
            {
                break;
            }
        }

        return await Rest(at, service, operation => !known.Contains((string)operation!["Id"]!), outcome, status);
    }

    /// <summary>As <see cref="Kill"/>, for something that is asked during an operation. It may be asked twice.</summary>
    internal async Task<string?> KillDuring(string at, ServiceHandle service, string operationId, Func<Task> ask, string outcome, string status)
    {
        await File.WriteAllTextAsync(KillFile, at);
        while (await Unless(ask) && await Ask(() => service.OperationStatus(operationId)) == "IN_PROGRESS")
        {
            // Without an answer it may have been written or not: ask again.
        }

        return await Rest(at, service, operation => (string)operation!["Id"]! == operationId, outcome, status);
    }

    /// <summary>As <see cref="Kill"/>, for the creation of a service that nobody knows before.</summary>
    internal async Task<(ServiceHandle Service, string? Step)> KillCreation(string at, string name, string image, ServiceRequest request)
    {
        await File.WriteAllTextAsync(KillFile, at);
        ServiceHandle? service = null;
        while (service is null)
        {
            await Unless(async () => service = await Platform.Api.CreateService(name, image, request));
            service ??= await Ask(() => Find(name));
        }

        return (service, await Rest(at, service, static _ => true, "SUCCEEDED", "RUNNING"));
    }

    private async Task<ServiceHandle?> Find(string name)
    {
        var services = (await Platform.Api.AppRunner("ListServices", []))["ServiceSummaryList"]!.AsArray();
        return services.FirstOrDefault(service => (string)service!["ServiceName"]! == name) is { } found
            ? new ServiceHandle(Platform.Api, (await Platform.Api.AppRunner("DescribeService", new JsonObject { ["ServiceArn"] = (string)found["ServiceArn"]! }))["Service"]!.AsObject(), "")
            : null;
    }

    /// <summary>Waits until the engine has what the service needs and nothing else.</summary>
    internal Task ShouldComeToRest(ServiceHandle service, string status) => Becomes(
        service,
        async () => await Instances(service, status) ?? await Holds(service, status) ?? await Strangers(service, status));

    private async Task<string?> Rest(string at, ServiceHandle service, Func<JsonNode?, bool> isMeant, string outcome, string status)
    {
        await Becomes(service, () => Ended(service, isMeant, outcome, status));
        if (!at.StartsWith("store", StringComparison.Ordinal))
        {
            // All commits of an operation come before its end; the engine is tidied up after it.
            await ShouldComeToRest(service, status);
        }

        if (Disarm() is not { } step)
        {
            return null;
        }

        // The kill may have come while all looked well already: then it has to become so once more.
        await Becomes(service, () => Ended(service, isMeant, outcome, status));
        return step;
    }

    private async Task Becomes(ServiceHandle service, Func<Task<string?>> difference)
    {
        try
        {
            await Eventually.Get(() => Ask(difference), found => found is null, expectation: "nothing is amiss");
        }
        catch (TimeoutException late)
        {
            var kill = File.Exists(KillFile) ? await File.ReadAllTextAsync(KillFile) : "not armed any more";
            throw new InvalidOperationException($"{service.Name}, kill point '{kill}': {late.Message} Events:\n{string.Join('\n', await Ask(service.Events))}", late);
        }
    }

    /// <summary>What is not as it has to be; null when all is.</summary>
    private static async Task<string?> Ended(ServiceHandle service, Func<JsonNode?, bool> isMeant, string outcome, string status)
    {
        var operations = await service.Operations();
        if (operations.Where(isMeant).ToList() is not [var operation] || (string)operation!["Status"]! != outcome)
        {
            return $"the operations are {operations.ToJsonString()}, one that ended as {outcome} was expected";
        }

        return await service.Status() is var now && now != status ? $"the service is {now} instead of {status}" : null;
    }

    /// <summary>One healthy instance of the active revision, and of the one before at most a frozen one; nothing else, and nothing half made.</summary>
    private async Task<string?> Instances(ServiceHandle service, string status)
    {
        var revisions = await Revisions(service);
        var instances = status == "DELETED" ? [] : await service.Instances();
        var containers = (await Platform.EngineApi.Containers($"sanbashi.service={service.Id}"))
            .GroupBy(container => (string)container!["Labels"]!["sanbashi.instance"]!)
            .ToDictionary(group => group.Key, group => group.ToList());
        var seen = $"instances {instances.ToJsonString()}, containers of {string.Join(", ", containers.Select(entry => $"{entry.Key[..8]} ({string.Join(", ", entry.Value.Select(container => (string)container!["State"]!))})"))}, revisions {string.Join(", ", revisions)}";
        if (!containers.Keys.ToHashSet(StringComparer.Ordinal).SetEquals(instances.Select(instance => (string)instance!["InstanceId"]!)))
        {
            return $"the engine has other instances than the platform tells of: {seen}";
        }

        if (containers.Values.FirstOrDefault(parts => parts.Count != 2 || parts.Any(part => (string)part!["State"]! is not ("running" or "paused"))) is not null)
        {
            return $"an instance is half made: {seen}";
        }

        var serving = instances.Where(instance => (string)instance!["State"]! == "RUNNING" && (string)instance["Health"]! == "HEALTHY" && revisions.GetValueOrDefault((int)instance["Revision"]!) == "ACTIVE").ToList();
        var kept = instances.Where(instance => (string)instance!["State"]! == "FROZEN" && revisions.GetValueOrDefault((int)instance["Revision"]!) == "PREVIOUS").ToList();
        return serving.Count != (status == "RUNNING" ? 1 : 0) || kept.Count > 1 || serving.Count + kept.Count != instances.Count ? $"other instances than wanted: {seen}" : null;
    }

    /// <summary>Images are held for the active and the previous revision, and for no other.</summary>
    private async Task<string?> Holds(ServiceHandle service, string status)
    {
        var images = (await Platform.EngineApi.Get("images/json")).AsArray();
        var marker = $":{service.Id}-";
        var held = images.SelectMany(image => image!["RepoTags"]?.AsArray() ?? []).Select(tag => (string)tag!).Where(tag => tag.Contains(marker, StringComparison.Ordinal))
            .Select(tag => int.Parse(tag[(tag.IndexOf(marker, StringComparison.Ordinal) + marker.Length)..], System.Globalization.CultureInfo.InvariantCulture)).ToHashSet();
        var wanted = status == "DELETED" ? [] : (await Revisions(service)).Where(revision => revision.Value is "ACTIVE" or "PREVIOUS").Select(revision => revision.Key).ToHashSet();
        return held.SetEquals(wanted) ? null : $"images of the revisions [{string.Join(", ", held)}] are held, and not of [{string.Join(", ", wanted)}]";
    }

    /// <summary>Everything of the installation has an owner.</summary>
    private async Task<string?> Strangers(ServiceHandle service, string status)
    {
        var label = $"{EngineLeftovers.Label}={_installation}";
        var owners = (await Platform.EngineApi.Containers(label)).Select(container => (string)container!["Labels"]!["sanbashi.service"]!).Distinct().ToList();
        if (status == "DELETED" && owners.Contains(service.Id))
        {
            return "containers of the deleted service are left";
        }

        var networks = await Platform.EngineApi.Networks(label);
        var volumes = (await Platform.EngineApi.Get($"volumes?filters={Uri.EscapeDataString(new JsonObject { ["label"] = new JsonArray(label) }.ToJsonString())}"))["Volumes"]?.AsArray() ?? [];
        return networks.Count > 1 || volumes.Count > 0 ? $"there are {networks.Count} networks and {volumes.Count} volumes" : null;
    }

    private async Task<Dictionary<int, string>> Revisions(ServiceHandle service) =>
        (await Platform.Api.Sanbashi("ListRevisions", new JsonObject { ["ServiceArn"] = service.Arn }))["Revisions"]!.AsArray()
        .ToDictionary(revision => (int)revision!["Revision"]!, revision => (string)revision!["Status"]!);

    private string? Disarm()
    {
        var said = File.ReadAllText(KillFile);
        File.Delete(KillFile);
        return said.StartsWith("killed ", StringComparison.Ordinal) ? said["killed ".Length..] : null;
    }

    /// <summary>Asks until somebody answers.</summary>
    private static async Task<T> Ask<T>(Func<Task<T>> ask)
    {
        var answer = default(T)!;
        await Eventually.True(async () => !await Unless(async () => answer = await ask()));
        return answer;
    }

    /// <summary>True when nobody answered, because the control plane was killed.</summary>
    private static async Task<bool> Unless(Func<Task> call)
    {
        try
        {
            await call();
            return false;
        }
        catch (Exception lost) when (lost is HttpRequestException or IOException || lost is ApiException { Code: AwsJsonClient.UnexpectedAnswer })
        {
            return true;
        }
    }
}
