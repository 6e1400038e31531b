using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Sanbashi.Domain.Identity;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Identity;

/// <summary>
/// The installation's identities: every call reads them, so they are held whole as one immutable snapshot. Whoever holds the store's lease is their only
/// writer, and changes go through here one after another; IAM's quotas bound their number.
/// </summary>
internal sealed class IdentityDirectory(IDocumentStore store, string account) : IDisposable
{
    public const string UserKind = "iam-user";
    public const string GroupKind = "iam-group";
    public const string RoleKind = "iam-role";
    public const string PolicyKind = "iam-policy";
    public const string KeyKind = "iam-key";

    /// <summary>IAM knows no regions.</summary>
    private readonly ResourceScope _scope = new(account, "-");

    /// <summary>Guards the order of changes. It is held while one is written: the next one must see it.</summary>
    private readonly SemaphoreSlim _changes = new(1, 1);

    private volatile IdentitySnapshot? _snapshot;

    public string Account => account;

    public async ValueTask<IdentitySnapshot> Read(CancellationToken cancellationToken)
    {
        if (_snapshot is { } known)
        {
            return known;
        }

        await _changes.WaitAsync(cancellationToken);
        try
        {
            return _snapshot ??= await Load(cancellationToken);
        }
        finally
        {
            _changes.Release();
        }
    }

    /// <param name="change">Checks and changes; what it throws ends the change.</param>
    public async Task<T> Change<T>(Func<IdentityEdit, T> change, CancellationToken cancellationToken)
    {
        await _changes.WaitAsync(cancellationToken);
        try
        {
            var edit = new IdentityEdit(_scope, _snapshot ??= await Load(cancellationToken));
            var answer = change(edit);
            if (edit.Writes.Count > 0)
            {
                // Whether it was written is not known when this throws: the next reader asks the store.
                _snapshot = null;
                await store.Commit(edit.Writes, cancellationToken);
                _snapshot = edit.Now;
            }

            return answer;
        }
        finally
        {
            _changes.Release();
        }
    }

    public void Dispose() => _changes.Dispose();

    private async Task<IdentitySnapshot> Load(CancellationToken cancellationToken) => new()
    {
        Users = await All(UserKind, IdentityJson.Default.UserRecord, user => user.Name, StringComparer.OrdinalIgnoreCase, cancellationToken),
        Groups = await All(GroupKind, IdentityJson.Default.GroupRecord, group => group.Name, StringComparer.OrdinalIgnoreCase, cancellationToken),
        Roles = await All(RoleKind, IdentityJson.Default.RoleRecord, role => role.Name, StringComparer.OrdinalIgnoreCase, cancellationToken),
        Policies = await All(PolicyKind, IdentityJson.Default.ManagedPolicyRecord, policy => policy.Name, StringComparer.OrdinalIgnoreCase, cancellationToken),
        Keys = await All(KeyKind, IdentityJson.Default.AccessKeyRecord, key => key.Id, StringComparer.Ordinal, cancellationToken),
    };

    private async Task<ImmutableDictionary<string, T>> All<T>(
        string kind, JsonTypeInfo<T> type, Func<T, string> name, StringComparer comparer, CancellationToken cancellationToken)
    {
        var documents = await store.Query(new DocumentQuery(kind) { Scope = _scope }, cancellationToken);
        return documents
            .Select(document => JsonSerializer.Deserialize(document.Body, type) ?? throw new StoreException($"The document {kind} {document.Key.Id} is empty. Restore the state from a backup."))
            .ToImmutableDictionary(name, comparer);
    }
}
