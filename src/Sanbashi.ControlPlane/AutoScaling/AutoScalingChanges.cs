using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Tags;
using Sanbashi.Domain.AutoScaling;
using Sanbashi.Domain.Identity;
using Sanbashi.Storage;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.AutoScaling;

/// <summary>The calls that make and delete auto scaling configurations, or choose the default one.</summary>
internal sealed class AutoScalingChanges(
    ServiceDocuments documents, AutoScalingConfigurations configurations, ApiQuotas quotas, IIdGenerator ids, TimeProvider timeProvider)
{
    /// <summary>How long a deleted configuration can be described.</summary>
    private static readonly TimeSpan _deletedKept = TimeSpan.FromHours(1);

    /// <summary>A name that is in use gets its next revision.</summary>
    public async Task<JsonObject> Create(ApiCall call, CancellationToken cancellationToken)
    {
        var name = call.Input.RequiredText("AutoScalingConfigurationName");
        var limits = ReadLimits(call.Input);
        var tags = TagRules.Read(call.Input.Objects("Tags") ?? []);
        TagRules.CheckCount(tags);
        var scope = call.Scope();
        var id = ids.NewId();
        var created = await documents.Store.CommitUntilDone(
            async token =>
            {
                var all = await configurations.List(scope, token);
                CheckQuotas(call, all, name);
                var (lastRevision, version) = await AutoScalingNames.Find(documents.Store, scope, name, token);
                var record = new AutoScalingConfigurationRecord
                {
                    Scope = scope,
                    Id = id,
                    Name = name,
                    Revision = lastRevision + 1,
                    Limits = limits,
                    CreatedAt = timeProvider.GetUtcNow(),
                    Tags = tags,
                };
                return new Proposal<AutoScalingConfigurationRecord>(
                    [ServiceDocuments.Write(record, 0), AutoScalingNames.Write(scope, name, record.Revision, version), .. Forget(all)], record);
            },
            cancellationToken);
        return await Answer(created, isLatest: true, cancellationToken);
    }

    /// <summary>One revision, or with <c>DeleteAllRevisions</c> all of a name; what is the default or in use stays.</summary>
    public async Task<JsonObject> Delete(ApiCall call, CancellationToken cancellationToken)
    {
        var arn = AutoScalingArn.Parse(call.Input.RequiredText("AutoScalingConfigurationArn"));
        var isAll = call.Input.Flag("DeleteAllRevisions") == true;
        if (isAll && !arn.IsNameOnly)
        {
            throw ApiErrors.InvalidRequest(
                $"DeleteAllRevisions needs an ARN that ends with the name, without revision: {Arns.Prefix(call.Scope())}{ResourceArn.AutoScalingKind}/{arn.Name}.");
        }

        var deleted = await documents.Store.CommitUntilDone(
            async token =>
            {
                var all = await configurations.List(call.Scope(), token);
                var found = AutoScalingConfigurations.Named(all, call);
                if (!found.Record.IsActive)
                {
                    throw AutoScalingConfigurations.Deleted(found.Record);
                }

                IReadOnlyList<Stored<AutoScalingConfigurationRecord>> revisions = isAll ? [.. all.Where(stored => stored.Record.IsActive && stored.Record.Name == arn.Name)] : [found];
                await CheckDeletable(revisions, token);
                var isLast = all.Count(stored => stored.Record.IsActive && stored.Record.Name == arn.Name) == revisions.Count;
                return new Proposal<AutoScalingConfigurationRecord>(
                    [.. revisions.Select(stored => ServiceDocuments.Write(Inactive(stored.Record), stored.Version)), await NameWrite(arn.Name, call.Scope(), isLast, token)],
                    Inactive(found.Record));
            },
            cancellationToken);

        return isAll
            ? new JsonObject
            {
                ["AutoScalingConfiguration"] = new JsonObject
                {
                    ["AutoScalingConfigurationArn"] = $"{Arns.Prefix(call.Scope())}{ResourceArn.AutoScalingKind}/{arn.Name}",
                    ["AutoScalingConfigurationName"] = arn.Name,
                    ["Status"] = AutoScalingAnswers.Inactive,
                },
            }
            : await Answer(deleted, isLatest: false, cancellationToken);
    }

    /// <summary>Moves the one default of the account and region; services that exist keep theirs.</summary>
    public async Task<JsonObject> UpdateDefault(ApiCall call, CancellationToken cancellationToken)
    {
        var (chosen, isLatest) = await documents.Store.CommitUntilDone(
            async token =>
            {
                var all = await configurations.List(call.Scope(), token);
                var found = AutoScalingConfigurations.Named(all, call);
                if (!found.Record.IsActive)
                {
                    throw AutoScalingConfigurations.Deleted(found.Record);
                }

                var chosen = found.Record with { IsDefault = true };
                var writes = all
                    .Where(stored => stored.Record.IsDefault != (stored.Record.Id == chosen.Id))
                    .Select(stored => ServiceDocuments.Write(stored.Record with { IsDefault = !stored.Record.IsDefault }, stored.Version));
                return new Proposal<(AutoScalingConfigurationRecord, bool)>([.. writes], (chosen, AutoScalingConfigurations.IsLatest(all, found.Record)));
            },
            cancellationToken);
        return await Answer(chosen, isLatest, cancellationToken);
    }

    private static ScalingLimits ReadLimits(JsonObject input)
    {
        var defaults = new ScalingLimits();
        var limits = new ScalingLimits(
            input.Integer("MaxConcurrency") ?? defaults.MaxConcurrency,
            input.Integer("MinSize") ?? defaults.MinSize,
            input.Integer("MaxSize") ?? defaults.MaxSize);
        return limits.MaxSize >= limits.MinSize
            ? limits
            : throw ApiErrors.InvalidRequest($"MaxSize {limits.MaxSize} is below MinSize {limits.MinSize}. MaxSize must be at least MinSize.");
    }

    private void CheckQuotas(ApiCall call, IReadOnlyList<Stored<AutoScalingConfigurationRecord>> all, string name)
    {
        var byName = all.Where(stored => stored.Record.IsActive).ToLookup(stored => stored.Record.Name);
        if (byName[name].Count() >= quotas.AutoScalingRevisions)
        {
            throw ApiErrors.QuotaExceeded($"The auto scaling configuration {name} has {quotas.AutoScalingRevisions} active revisions in {call.Region}, which is the quota. Delete revisions that no service uses.");
        }

        if (!byName.Contains(name) && byName.Count >= quotas.AutoScalingConfigurations)
        {
            throw ApiErrors.QuotaExceeded($"This account has {byName.Count} auto scaling configurations in {call.Region}, and the quota is {quotas.AutoScalingConfigurations}. Delete one that no service uses.");
        }
    }

    private async Task CheckDeletable(IReadOnlyList<Stored<AutoScalingConfigurationRecord>> revisions, CancellationToken cancellationToken)
    {
        if (revisions.FirstOrDefault(stored => stored.Record.IsDefault) is { } theDefault)
        {
            throw ApiErrors.InvalidRequest(
                $"The auto scaling configuration {theDefault.Record.Arn} can't be deleted, because it is the default one. Make another one the default first (UpdateDefaultAutoScalingConfiguration).");
        }

        var use = await AutoScalingUse.Read(documents, revisions[0].Record.Scope, cancellationToken);
        if (revisions.FirstOrDefault(stored => use.IsUsed(stored.Record)) is { } used)
        {
            const int NamedServices = 3;
            var services = use.Services(used.Record);
            var names = string.Join(", ", services.Take(NamedServices).Select(service => service.Record.Name)) + (services.Count > NamedServices ? ", ..." : "");
            throw ApiErrors.InvalidRequest(
                $"The auto scaling configuration {used.Record.Arn} can't be deleted, because {services.Count} service(s) use it: {names}. Give them another one first (UpdateService).");
        }
    }

    private AutoScalingConfigurationRecord Inactive(AutoScalingConfigurationRecord record) =>
        record with { IsActive = false, DeletedAt = timeProvider.GetUtcNow() };

    /// <summary>Always written, so that two deletions of one name see each other and the last one starts the numbers anew.</summary>
    private async Task<DocumentWrite> NameWrite(string name, ResourceScope scope, bool isLast, CancellationToken cancellationToken)
    {
        var (lastRevision, version) = await AutoScalingNames.Find(documents.Store, scope, name, cancellationToken);
        return isLast ? AutoScalingNames.Delete(scope, name, version) : AutoScalingNames.Write(scope, name, lastRevision, version);
    }

    /// <summary>Deleted ones that nobody asks for any more. The built-in one stays, so that it is not taken for one that was never made.</summary>
    private IEnumerable<DocumentWrite> Forget(IEnumerable<Stored<AutoScalingConfigurationRecord>> all) => all
        .Where(stored => stored.Record is { IsActive: false, DeletedAt: { } deletedAt } && timeProvider.GetUtcNow() - deletedAt > _deletedKept)
        .Where(stored => stored.Record.Id != AutoScalingConfigurationRecord.BuiltInId)
        .Select(stored => ServiceDocuments.Delete(ServiceDocuments.AutoScalingKind, stored.Record.Scope, stored.Record.Id));

    private async Task<JsonObject> Answer(AutoScalingConfigurationRecord configuration, bool isLatest, CancellationToken cancellationToken)
    {
        var use = await AutoScalingUse.Read(documents, configuration.Scope, cancellationToken);
        return new JsonObject { ["AutoScalingConfiguration"] = AutoScalingAnswers.Full(configuration, isLatest, use) };
    }
}
