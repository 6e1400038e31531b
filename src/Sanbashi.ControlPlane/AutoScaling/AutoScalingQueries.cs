using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.AutoScaling;

/// <summary>The calls on auto scaling configurations that only read.</summary>
internal sealed class AutoScalingQueries(ServiceDocuments documents, AutoScalingConfigurations configurations)
{
    public async Task<JsonObject> Describe(ApiCall call, CancellationToken cancellationToken)
    {
        var all = await configurations.List(call.Scope(), cancellationToken);
        var found = AutoScalingConfigurations.Named(all, call);
        var use = await AutoScalingUse.Read(documents, call.Scope(), cancellationToken);
        return new JsonObject
        {
            ["AutoScalingConfiguration"] = AutoScalingAnswers.Full(found.Record, AutoScalingConfigurations.IsLatest(all, found.Record), use),
        };
    }

    /// <summary>Active ones, oldest first; by default only the latest revision of each name.</summary>
    public async Task<JsonObject> List(ApiCall call, CancellationToken cancellationToken)
    {
        var after = Pages.Start(call) ?? 0;
        var name = call.Input.Text("AutoScalingConfigurationName");
        var latestOnly = call.Input.Flag("LatestOnly") ?? true;
        var all = await configurations.List(call.Scope(), cancellationToken);
        var use = await AutoScalingUse.Read(documents, call.Scope(), cancellationToken);
        var listed = all
            .Where(stored => stored.Record.IsActive && stored.CreatedSequence > after)
            .Where(stored => name is null || stored.Record.Name == name)
            .Where(stored => !latestOnly || AutoScalingConfigurations.IsLatest(all, stored.Record));
        return Pages.Answer(call, "AutoScalingConfigurationSummaryList", listed, stored => AutoScalingAnswers.Summary(stored.Record, use));
    }

    public async Task<JsonObject> ListServices(ApiCall call, CancellationToken cancellationToken)
    {
        var after = Pages.Start(call) ?? 0;
        var found = AutoScalingConfigurations.Named(await configurations.List(call.Scope(), cancellationToken), call);
        var use = await AutoScalingUse.Read(documents, call.Scope(), cancellationToken);
        return Pages.Answer(
            call,
            "ServiceArnList",
            use.Services(found.Record).Where(stored => stored.CreatedSequence > after),
            stored => JsonValue.Create(stored.Record.Arn));
    }
}
