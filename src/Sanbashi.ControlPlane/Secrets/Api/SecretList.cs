using System.Globalization;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Secrets;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Secrets.Api;

/// <summary>Secrets by filters, in order and in pages.</summary>
internal sealed class SecretList(SecretDocuments documents, TimeProvider timeProvider)
{
    private const int DefaultSize = 100;
    private const string ByName = "name";

    public async Task<JsonObject> List(ApiCall call, CancellationToken cancellationToken)
    {
        var (secrets, next) = await Page(call, DefaultSize, cancellationToken);
        return new JsonObject { ["SecretList"] = ApiOutput.List(secrets.Select(static stored => SecretAnswers.Entry(stored.Record))), ["NextToken"] = next };
    }

    public async Task<(IReadOnlyList<Stored<SecretRecord>> Secrets, string? Next)> Page(ApiCall call, int defaultSize, CancellationToken cancellationToken)
    {
        var now = timeProvider.GetUtcNow();
        var filters = (call.Input.Objects("Filters") ?? []).Select(SecretFilter.Read).ToList();
        var withDeleted = call.Input.Flag("IncludePlannedDeletion") == true;
        var order = call.Input.Text("SortBy");
        var isDescending = call.Input.Text("SortOrder") == "desc";
        var secrets = (await documents.List(call.Scope(), cancellationToken))
            .Where(stored => !stored.Record.IsPurged(now) && (withDeleted || !stored.Record.IsDeleted))
            .Where(stored => filters.All(filter => filter.Matches(stored.Record)));
        if (order == ByName && isDescending)
        {
            return Continue(call, [.. secrets.OrderByDescending(static stored => stored.Record.Name, StringComparer.Ordinal)], defaultSize);
        }

        string Key(Stored<SecretRecord> stored) => SortKey(stored, order, isDescending);
        return PageTokens.Page(
            call, secrets.OrderBy(Key, StringComparer.Ordinal), Key, call.Input.Integer("MaxResults") ?? defaultSize, SecretErrors.InvalidTokenCode);
    }

    /// <summary>Names have no reversed spelling to sort by, so going on means: after this name.</summary>
    private static (IReadOnlyList<Stored<SecretRecord>>, string?) Continue(ApiCall call, IReadOnlyList<Stored<SecretRecord>> descending, int defaultSize)
    {
        var size = call.Input.Integer("MaxResults") ?? defaultSize;
        var after = PageTokens.Read(call, SecretErrors.InvalidTokenCode);
        var rest = descending.Where(stored => after is null || string.CompareOrdinal(stored.Record.Name, after) < 0).Take(size + 1).ToList();
        return rest.Count <= size ? (rest, null) : (rest[..size], PageTokens.Write(call, rest[size - 1].Record.Name));
    }

    private static string SortKey(Stored<SecretRecord> stored, string? order, bool isDescending)
    {
        if (order == ByName)
        {
            return stored.Record.Name;
        }

        var ticks = order switch
        {
            "last-changed-date" => stored.Record.ChangedAt.Ticks,
            "last-accessed-date" => stored.Record.AccessedOn is { } day ? day.ToDateTime(default).Ticks : 0,
            _ => stored.Record.CreatedAt.Ticks,
        };
        return string.Create(
            CultureInfo.InvariantCulture, $"{(isDescending ? long.MaxValue - ticks : ticks):D20}{(isDescending ? long.MaxValue - stored.CreatedSequence : stored.CreatedSequence):D20}");
    }
}
