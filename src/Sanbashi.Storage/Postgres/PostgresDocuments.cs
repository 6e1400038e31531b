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
    public const string Columns = "kind, account, region, id, name, parent, version, created, body";
    public const string StateColumns = "fencing, sequence, trimmed_sequence";

    private const string ScopeExpression = "kind || '/' || account || '/' || region";
    private const string KeyExpression = $"{ScopeExpression} || '/' || id";

    public static NpgsqlBatchCommand Select(DocumentQuery query)
    {
        var command = new NpgsqlBatchCommand();
        var sql = new StringBuilder($"SELECT {Columns} FROM sanbashi_documents WHERE ");

        void Condition(string left, object value)
        {
            sql.Append(command.Parameters.Count > 0 ? " AND " : "");
            command.Parameters.Add(new NpgsqlParameter { Value = value });
            sql.Append(left).Append(" $").Append(command.Parameters.Count);
        }

        // Each form names one index, so that the server cannot choose a worse one.
        switch (query)
        {
            case { Scope: { } scope, Name: { } name }:
                Condition($"{ScopeExpression} || '/' || name =", Joined(query.Kind, scope, name));
                break;
            case { Scope: { } scope }:
                Condition($"{ScopeExpression} =", $"{query.Kind}/{scope.Account}/{scope.Region}");
                break;
            default:
                Condition("kind =", query.Kind);
                break;
        }

        if (query is { Scope: null, Name: { } anywhere })
        {
            Condition("name =", anywhere);
        }

        if (query.Parent is { } parent)
        {
            Condition("parent =", parent);
        }

        if (query.AfterCreated is { } after)
        {
            Condition(query.NewestFirst ? "created <" : "created >", after);
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

    public static NpgsqlBatchCommand Find(IEnumerable<DocumentKey> keys)
    {
        var command = new NpgsqlBatchCommand($"SELECT {Columns} FROM sanbashi_documents WHERE {KeyExpression} = ANY ($1)");
        Texts(command, keys.Select(k => Joined(k.Kind, k.Scope, k.Id)));
        return command;
    }

    public static NpgsqlBatchCommand FindByName(IEnumerable<(string Kind, ResourceScope Scope, string Name)> names)
    {
        var command = new NpgsqlBatchCommand($"SELECT {Columns} FROM sanbashi_documents WHERE {ScopeExpression} || '/' || name = ANY ($1)");
        Texts(command, names.Select(n => Joined(n.Kind, n.Scope, n.Name)));
        return command;
    }

    public static NpgsqlBatchCommand Put(Document document)
    {
        var command = new NpgsqlBatchCommand(
            $"""
            INSERT INTO sanbashi_documents (kind, account, region, id, name, parent, body, version, created) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (({KeyExpression})) DO UPDATE SET name = excluded.name, parent = excluded.parent, version = excluded.version, body = excluded.body
            """);
        Text(command, document.Key.Kind);
        Text(command, document.Key.Scope.Account);
        Text(command, document.Key.Scope.Region);
        Text(command, document.Key.Id);
        Text(command, document.Name);
        Text(command, document.Parent);
        Text(command, document.Body);
        Number(command, document.Version);
        Number(command, document.CreatedSequence);
        return command;
    }

    public static NpgsqlBatchCommand Delete(DocumentKey key)
    {
        var command = new NpgsqlBatchCommand($"DELETE FROM sanbashi_documents WHERE {KeyExpression} = $1");
        Text(command, Joined(key.Kind, key.Scope, key.Id));
        return command;
    }

    public static NpgsqlBatchCommand AddChanges(IReadOnlyList<AppliedWrite> writes)
    {
        var command = new NpgsqlBatchCommand(
            "INSERT INTO sanbashi_changes (kind, account, region, id, sequence, deleted) SELECT * FROM unnest($1, $2, $3, $4, $5, $6)");
        Texts(command, writes.Select(w => w.Key.Kind));
        Texts(command, writes.Select(w => w.Key.Scope.Account));
        Texts(command, writes.Select(w => w.Key.Scope.Region));
        Texts(command, writes.Select(w => w.Key.Id));
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
        await using var command = new NpgsqlCommand($"SELECT {Columns} FROM sanbashi_documents ORDER BY created", connection) { CommandTimeout = 0 };
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

    /// <summary>Unambiguous: kind, account and region have no slash.</summary>
    private static string Joined(string kind, ResourceScope scope, string last) => $"{kind}/{scope.Account}/{scope.Region}/{last}";

    private static void Texts(NpgsqlBatchCommand command, IEnumerable<string> values) =>
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. values] });

    private static void Text(NpgsqlBatchCommand command, string? value) =>
        command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Text, Value = value ?? (object)DBNull.Value });

    private static void Number(NpgsqlBatchCommand command, long value) => command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = value });
}
