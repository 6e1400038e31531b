using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text;
using Npgsql;
using NpgsqlTypes;
using Sanbashi.Domain.Identity;

namespace Sanbashi.Storage;

/// <summary>Documents and changes as rows of PostgreSQL.</summary>
internal static class PostgresDocuments
{
    public const string Columns = "d.kind, d.account, d.region, d.id, d.name, d.parent, d.version, d.created, d.body";
    public const string StateColumns = "fencing, sequence, trimmed_sequence";

    public static NpgsqlBatchCommand Select(DocumentQuery query)
    {
        var sql = new StringBuilder($"SELECT {Columns} FROM sanbashi_documents d WHERE kind = $1");
        var command = new NpgsqlBatchCommand();
        Text(command, query.Kind);

        void And(string condition)
        {
            sql.Append(" AND ").Append(condition).Append(" $").Append(command.Parameters.Count);
        }

        if (query.Scope is { } scope)
        {
            Text(command, scope.Account);
            And("account =");
            Text(command, scope.Region);
            And("region =");
        }

        if (query.Name is { } name)
        {
            Text(command, name);
            And("name =");
        }

        if (query.Parent is { } parent)
        {
            Text(command, parent);
            And("parent =");
        }

        if (query.AfterCreated is { } after)
        {
            Number(command, after);
            And(query.NewestFirst ? "created <" : "created >");
        }

        sql.Append(query.NewestFirst ? " ORDER BY created DESC" : " ORDER BY created");
        if (query.Limit is { } limit)
        {
            Number(command, limit);
            sql.Append(" LIMIT $").Append(command.Parameters.Count);
        }

        command.CommandText = sql.ToString();
        return command;
    }

    public static NpgsqlBatchCommand Find(IReadOnlyCollection<DocumentKey> keys)
    {
        var command = new NpgsqlBatchCommand(
            $"SELECT {Columns} FROM unnest($1, $2, $3, $4) AS k (kind, account, region, id) JOIN sanbashi_documents d ON d.kind = k.kind COLLATE \"C\" AND d.account = k.account COLLATE \"C\" AND d.region = k.region COLLATE \"C\" AND d.id = k.id COLLATE \"C\"");
        Keys(command, keys);
        return command;
    }

    /// <summary>The documents with these names; the id of each key is the name that is looked for.</summary>
    public static NpgsqlBatchCommand FindByName(IReadOnlyCollection<DocumentKey> names)
    {
        var command = new NpgsqlBatchCommand(
            $"SELECT {Columns} FROM unnest($1, $2, $3, $4) AS k (kind, account, region, name) JOIN sanbashi_documents d ON d.kind = k.kind COLLATE \"C\" AND d.account = k.account COLLATE \"C\" AND d.region = k.region COLLATE \"C\" AND d.name = k.name COLLATE \"C\"");
        Keys(command, names);
        return command;
    }

    public static NpgsqlBatchCommand Put(Document document)
    {
        var command = new NpgsqlBatchCommand(
            """
            INSERT INTO sanbashi_documents (kind, account, region, id, name, parent, body, version, created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (kind, account, region, id) DO UPDATE SET name = excluded.name, parent = excluded.parent, version = excluded.version, body = excluded.body
            """);
        Key(command, document.Key);
        Text(command, document.Name);
        Text(command, document.Parent);
        Text(command, document.Body);
        Number(command, document.Version);
        Number(command, document.CreatedSequence);
        return command;
    }

    public static NpgsqlBatchCommand Delete(DocumentKey key)
    {
        var command = new NpgsqlBatchCommand("DELETE FROM sanbashi_documents WHERE kind = $1 AND account = $2 AND region = $3 AND id = $4");
        Key(command, key);
        return command;
    }

    public static NpgsqlBatchCommand AddChanges(IReadOnlyList<AppliedWrite> writes)
    {
        var command = new NpgsqlBatchCommand(
            "INSERT INTO sanbashi_changes (kind, account, region, id, sequence, deleted) SELECT * FROM unnest($1, $2, $3, $4, $5, $6)");
        Keys(command, [.. writes.Select(w => w.Key)]);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. writes.Select(w => w.Sequence)] });
        command.Parameters.Add(new NpgsqlParameter<bool[]> { TypedValue = [.. writes.Select(w => w.Document is null)] });
        return command;
    }

    public static NpgsqlBatchCommand TrimChanges(long keptAfter)
    {
        var command = new NpgsqlBatchCommand("DELETE FROM sanbashi_changes WHERE sequence <= $1");
        Number(command, keptAfter);
        return command;
    }

    public static NpgsqlBatchCommand SetSequence(long sequence, long trimmedSequence)
    {
        var command = new NpgsqlBatchCommand("UPDATE sanbashi_store SET sequence = $1, trimmed_sequence = $2");
        Number(command, sequence);
        Number(command, trimmedSequence);
        return command;
    }

    public static NpgsqlBatchCommand ChangesAfter(long sequence, int limit)
    {
        var command = new NpgsqlBatchCommand(
            "SELECT kind, account, region, id, sequence, deleted FROM sanbashi_changes WHERE sequence > $1 ORDER BY sequence LIMIT $2");
        Number(command, sequence);
        Number(command, limit);
        return command;
    }

    public static Document ReadDocument(DbDataReader rows) => new(
        ReadKey(rows), rows.IsDBNull(4) ? null : rows.GetString(4), rows.IsDBNull(5) ? null : rows.GetString(5), rows.GetInt64(6), rows.GetInt64(7), rows.GetString(8));

    public static DocumentChange ReadChange(DbDataReader rows) => new(rows.GetInt64(4), ReadKey(rows), rows.GetBoolean(5));

    public static async Task<List<T>> ReadAll<T>(DbDataReader rows, Func<DbDataReader, T> read, CancellationToken cancellationToken)
    {
        var all = new List<T>();
        while (await rows.ReadAsync(cancellationToken))
        {
            all.Add(read(rows));
        }

        return all;
    }

    public static async IAsyncEnumerable<Document> Stream(NpgsqlConnection connection, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"SELECT {Columns} FROM sanbashi_documents d ORDER BY created", connection) { CommandTimeout = 0 };
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
        {
            yield return ReadDocument(rows);
        }
    }

    public static async Task<StoreState> ReadState(DbDataReader rows, CancellationToken cancellationToken)
    {
        await rows.ReadAsync(cancellationToken);
        return new StoreState(rows.GetInt64(0), rows.GetInt64(1), rows.GetInt64(2));
    }

    private static DocumentKey ReadKey(DbDataReader rows) => new(rows.GetString(0), new ResourceScope(rows.GetString(1), rows.GetString(2)), rows.GetString(3));

    private static void Key(NpgsqlBatchCommand command, DocumentKey key)
    {
        Text(command, key.Kind);
        Text(command, key.Scope.Account);
        Text(command, key.Scope.Region);
        Text(command, key.Id);
    }

    private static void Keys(NpgsqlBatchCommand command, IReadOnlyCollection<DocumentKey> keys)
    {
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. keys.Select(k => k.Kind)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. keys.Select(k => k.Scope.Account)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. keys.Select(k => k.Scope.Region)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. keys.Select(k => k.Id)] });
    }

    private static void Text(NpgsqlBatchCommand command, string? value) =>
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = value ?? (object)DBNull.Value });

    private static void Number(NpgsqlBatchCommand command, long value) => command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
}
