using System.Text;
using Microsoft.Data.Sqlite;
using Sanbashi.Domain.Identity;

namespace Sanbashi.Storage;

/// <summary>Documents and changes as rows.</summary>
internal sealed class SqliteDocuments(SqliteSession session) : ICommittedDocuments
{
    private const string Columns = "kind, account, region, id, name, parent, version, created, body";

    public Document? Find(DocumentKey key)
    {
        var command = session.Prepare(
            $"SELECT {Columns} FROM sanbashi_documents WHERE kind = $1 AND account = $2 AND region = $3 AND id = $4",
            key.Kind, key.Scope.Account, key.Scope.Region, key.Id);
        using var rows = command.ExecuteReader();
        return rows.Read() ? ReadDocument(rows) : null;
    }

    public IReadOnlyList<DocumentKey> FindByName(string kind, ResourceScope scope, string name) =>
        [.. Query(new DocumentQuery(kind) { Scope = scope, Name = name }).Select(d => d.Key)];

    public IReadOnlyList<Document> Query(DocumentQuery query)
    {
        var sql = new StringBuilder($"SELECT {Columns} FROM sanbashi_documents WHERE kind = $1");
        var values = new List<object?> { query.Kind };

        void And(string condition, object value)
        {
            values.Add(value);
            sql.Append(" AND ").Append(condition).Append(" $").Append(values.Count);
        }

        if (query.Scope is { } scope)
        {
            And("account =", scope.Account);
            And("region =", scope.Region);
        }

        if (query.Name is { } name)
        {
            And("name =", name);
        }

        if (query.Parent is { } parent)
        {
            And("parent =", parent);
        }

        if (query.AfterCreated is { } after)
        {
            And(query.NewestFirst ? "created <" : "created >", after);
        }

        sql.Append(query.NewestFirst ? " ORDER BY created DESC" : " ORDER BY created");
        if (query.Limit is { } limit)
        {
            values.Add(limit);
            sql.Append(" LIMIT $").Append(values.Count);
        }

        var documents = new List<Document>();
        using var rows = session.Prepare(sql.ToString(), [.. values]).ExecuteReader();
        while (rows.Read())
        {
            documents.Add(ReadDocument(rows));
        }

        return documents;
    }

    /// <summary>All documents in creation order, one at a time.</summary>
    public IEnumerable<Document> All()
    {
        using var rows = session.Prepare($"SELECT {Columns} FROM sanbashi_documents ORDER BY created").ExecuteReader();
        while (rows.Read())
        {
            yield return ReadDocument(rows);
        }
    }

    public long Count() => session.Number("SELECT count(*) FROM sanbashi_documents");

    public StoreState State()
    {
        using var rows = session.Prepare("SELECT fencing, sequence, trimmed_sequence FROM sanbashi_store").ExecuteReader();
        rows.Read();
        return new StoreState(rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2));
    }

    /// <summary>In order of their sequence, at most <paramref name="limit"/>.</summary>
    public IReadOnlyList<DocumentChange> ChangesAfter(long sequence, int limit)
    {
        var changes = new List<DocumentChange>();
        var command = session.Prepare(
            "SELECT kind, account, region, id, sequence, deleted FROM sanbashi_changes WHERE sequence > $1 ORDER BY sequence LIMIT $2", sequence, limit);
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            changes.Add(new DocumentChange(rows.GetInt64(4), ReadKey(rows), rows.GetInt64(5) != 0));
        }

        return changes;
    }

    public void Apply(CommitBatch batch, StoreState before, DocumentStoreOptions options)
    {
        foreach (var write in batch.Applied)
        {
            var (kind, scope, id) = write.Key;
            if (write.Document is { } document)
            {
                Put(document);
            }
            else
            {
                session.Execute("DELETE FROM sanbashi_documents WHERE kind = $1 AND account = $2 AND region = $3 AND id = $4", kind, scope.Account, scope.Region, id);
            }

            session.Execute(
                "INSERT INTO sanbashi_changes (sequence, kind, account, region, id, deleted) VALUES ($1, $2, $3, $4, $5, $6)",
                write.Sequence, kind, scope.Account, scope.Region, id, write.Document is null ? 1 : 0);
        }

        var keptAfter = before.TrimmedSequence;
        if (options.ShouldTrim(batch.Sequence, keptAfter))
        {
            keptAfter = batch.Sequence - options.KeptChanges;
            session.Execute("DELETE FROM sanbashi_changes WHERE sequence <= $1", keptAfter);
        }

        SetSequence(batch.Sequence, keptAfter);
    }

    public void Put(Document document) => session.Execute(
        """
        INSERT INTO sanbashi_documents (kind, account, region, id, name, parent, version, created, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (kind, account, region, id) DO UPDATE SET name = excluded.name, parent = excluded.parent, version = excluded.version, body = excluded.body
        """,
        document.Key.Kind, document.Key.Scope.Account, document.Key.Scope.Region, document.Key.Id,
        document.Name, document.Parent, document.Version, document.CreatedSequence, document.Body);

    public void SetSequence(long sequence, long trimmedSequence) =>
        session.Execute("UPDATE sanbashi_store SET sequence = $1, trimmed_sequence = $2", sequence, trimmedSequence);

    public void ForgetChanges() => session.Execute("DELETE FROM sanbashi_changes");

    public long RaiseFencingNumber() => session.Number("UPDATE sanbashi_store SET fencing = fencing + 1 RETURNING fencing");

    private static DocumentKey ReadKey(SqliteDataReader rows) => new(rows.GetString(0), new ResourceScope(rows.GetString(1), rows.GetString(2)), rows.GetString(3));

    private static Document ReadDocument(SqliteDataReader rows) => new(
        ReadKey(rows), rows.IsDBNull(4) ? null : rows.GetString(4), rows.IsDBNull(5) ? null : rows.GetString(5), rows.GetInt64(6), rows.GetInt64(7), rows.GetString(8));
}
