using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.AutoScaling;
using Sanbashi.Domain.Identity;
using Sanbashi.Storage;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.AutoScaling;

/// <summary>Finds auto scaling configurations. Every account and region has the built-in one from its first use on.</summary>
internal sealed class AutoScalingConfigurations(ServiceDocuments documents, TimeProvider timeProvider)
{
    /// <summary>The text that clients take as "gone".</summary>
    public const string DeletedText = "The auto scaling configuration you specified has been deleted";

    /// <summary>All of the name space, oldest first, deleted ones that are still kept included.</summary>
    public async Task<IReadOnlyList<Stored<AutoScalingConfigurationRecord>>> List(ResourceScope scope, CancellationToken cancellationToken)
    {
        var key = new DocumentKey(ServiceDocuments.AutoScalingKind, scope, AutoScalingConfigurationRecord.BuiltInId);
        if (await documents.Store.Get(key, cancellationToken) is null)
        {
            // A conflict means that another call has just made it.
            await documents.Store.Commit(BuiltIn(scope), cancellationToken);
        }

        return await documents.ListAutoScaling(scope, null, cancellationToken);
    }

    public async Task<Stored<AutoScalingConfigurationRecord>> Default(ResourceScope scope, CancellationToken cancellationToken) =>
        (await List(scope, cancellationToken)).Single(stored => stored.Record.IsDefault);

    /// <summary>What an ARN names; deleted ones only where no active one fits. Null: nothing here.</summary>
    public async Task<Stored<AutoScalingConfigurationRecord>?> Find(ResourceScope scope, AutoScalingArn arn, CancellationToken cancellationToken) =>
        arn.IsIn(scope) ? Match(await List(scope, cancellationToken), arn) : null;

    /// <summary>What a call's <c>AutoScalingConfigurationArn</c> names.</summary>
    /// <exception cref="ApiException">There is no such configuration.</exception>
    public static Stored<AutoScalingConfigurationRecord> Named(IReadOnlyList<Stored<AutoScalingConfigurationRecord>> all, ApiCall call)
    {
        var arn = AutoScalingArn.Parse(call.Input.RequiredText("AutoScalingConfigurationArn"));
        return (arn.IsIn(call.Scope()) ? Match(all, arn) : null) ?? throw NotFound(call, arn.Text);
    }

    public static ApiException NotFound(ApiCall call, string arn) => ApiErrors.NotFound(
        $"Auto scaling configuration not found: there is none with the ARN {arn} in account {call.Account} and region {call.Region}. List what is there with ListAutoScalingConfigurations.");

    /// <summary>Whether it is the highest active revision of its name.</summary>
    public static bool IsLatest(IEnumerable<Stored<AutoScalingConfigurationRecord>> all, AutoScalingConfigurationRecord configuration) =>
        configuration.IsActive && !all.Any(other => other.Record.IsActive && other.Record.Name == configuration.Name && other.Record.Revision > configuration.Revision);

    private static Stored<AutoScalingConfigurationRecord>? Match(IEnumerable<Stored<AutoScalingConfigurationRecord>> all, AutoScalingArn arn) => all
        .Where(stored => stored.Record.Name == arn.Name)
        .Where(stored => arn.Revision is null || stored.Record.Revision == arn.Revision)
        .Where(stored => arn.Id is null || stored.Record.Id == arn.Id)
        .OrderByDescending(stored => stored.Record.IsActive)
        .ThenByDescending(stored => stored.CreatedSequence)
        .FirstOrDefault();

    /// <summary>The configuration that a service request names; the default one where it names none.</summary>
    public async Task<Stored<AutoScalingConfigurationRecord>> ForService(ResourceScope scope, string? arn, CancellationToken cancellationToken)
    {
        if (arn is null)
        {
            return await Default(scope, cancellationToken);
        }

        var found = await Find(scope, AutoScalingArn.Parse(arn), cancellationToken)
            ?? throw ApiErrors.InvalidRequest($"The auto scaling configuration '{arn}' doesn't exist in {scope.Region}. List them with ListAutoScalingConfigurations.");
        return found.Record.IsActive ? found : throw Deleted(found.Record);
    }

    /// <summary>
    /// Written together with a service that takes this configuration into use: whoever deletes it at the same time conflicts, instead of not seeing the service.
    /// </summary>
    public static DocumentWrite Associate(Stored<AutoScalingConfigurationRecord> stored) => ServiceDocuments.Write(stored.Record, stored.Version);

    public static ApiException Deleted(AutoScalingConfigurationRecord configuration) =>
        ApiErrors.InvalidRequest($"{DeletedText}: {configuration.Arn}.");

    private IReadOnlyList<DocumentWrite> BuiltIn(ResourceScope scope)
    {
        var record = new AutoScalingConfigurationRecord
        {
            Scope = scope,
            Id = AutoScalingConfigurationRecord.BuiltInId,
            Name = AutoScalingConfigurationRecord.DefaultName,
            Revision = 1,
            Limits = new ScalingLimits(),
            IsDefault = true,
            CreatedAt = timeProvider.GetUtcNow(),
        };
        return [ServiceDocuments.Write(record, 0), AutoScalingNames.Write(scope, record.Name, 1, 0)];
    }
}
