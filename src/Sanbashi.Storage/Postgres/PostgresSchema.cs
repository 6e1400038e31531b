using Npgsql;

namespace Sanbashi.Storage;

/// <summary>The tables of a PostgreSQL store, as numbered steps. A step that was released is never changed.</summary>
internal static class PostgresSchema
{
    public static IReadOnlyList<string> Steps { get; } =
    [
        // 1: documents and changes. The key is one expression: of several columns, a server that has no statistics yet finds any index good that begins with
        // the first of them, and reads thousands of rows for one. Collation "C": equality and order by bytes, whatever the database's locale is.
        """
        CREATE TABLE sanbashi_store (
            id integer PRIMARY KEY CHECK (id = 1),
            schema_version integer NOT NULL,
            sequence bigint NOT NULL,
            trimmed_sequence bigint NOT NULL
        );
        INSERT INTO sanbashi_store VALUES (1, 1, 0, 0);
        CREATE TABLE sanbashi_documents (
            created bigint PRIMARY KEY,
            kind text COLLATE "C" NOT NULL,
            account text COLLATE "C" NOT NULL,
            region text COLLATE "C" NOT NULL,
            id text COLLATE "C" NOT NULL,
            name text COLLATE "C",
            parent text COLLATE "C",
            version bigint NOT NULL,
            body text NOT NULL
        );
        CREATE UNIQUE INDEX sanbashi_documents_key ON sanbashi_documents ((kind || '/' || account || '/' || region || '/' || id));
        CREATE INDEX sanbashi_documents_order ON sanbashi_documents ((kind || '/' || account || '/' || region), created);
        CREATE TABLE sanbashi_changes (
            sequence bigint PRIMARY KEY,
            kind text COLLATE "C" NOT NULL,
            account text COLLATE "C" NOT NULL,
            region text COLLATE "C" NOT NULL,
            id text COLLATE "C" NOT NULL,
            deleted boolean NOT NULL
        );
        """,

        // 2: one writer, whose name others can read, and queries by name, by parent and over all scopes
        """
        ALTER TABLE sanbashi_store ADD COLUMN fencing bigint NOT NULL DEFAULT 0, ADD COLUMN owner text NOT NULL DEFAULT '';
        CREATE INDEX sanbashi_documents_kind ON sanbashi_documents (kind, created);
        CREATE INDEX sanbashi_documents_name ON sanbashi_documents ((kind || '/' || account || '/' || region || '/' || name), created) WHERE name IS NOT NULL;
        CREATE INDEX sanbashi_documents_parent ON sanbashi_documents (kind, parent, created) WHERE parent IS NOT NULL;
        """,
    ];

    public static int Newest => Steps.Count;

    /// <summary>0 when the schema has no store.</summary>
    /// <exception cref="StoreException">It is of a newer version.</exception>
    public static async Task<int> VersionOf(NpgsqlConnection connection, string storeName, CancellationToken cancellationToken)
    {
        // Not to_regclass: within a transaction it may answer from before another one made the tables.
        await using var exists = new NpgsqlCommand("SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'sanbashi_store')", connection);
        if (!(bool)(await exists.ExecuteScalarAsync(cancellationToken))!)
        {
            return 0;
        }

        await using var select = new NpgsqlCommand("SELECT schema_version FROM sanbashi_store", connection);
        var version = (int)(await select.ExecuteScalarAsync(cancellationToken))!;
        SchemaVersions.ThrowIfNewer(storeName, version, Newest);
        return version;
    }

    /// <summary>Brings the tables to the newest version, in one transaction; answers the version that was there.</summary>
    public static async Task<int> Migrate(NpgsqlConnection connection, string storeName, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Two that start at once on an empty database: the second waits here and then finds the tables.
        await Execute(connection, $"SELECT pg_advisory_xact_lock({PostgresLocks.Schema})", cancellationToken);
        var before = await VersionOf(connection, storeName, cancellationToken);
        if (before == Newest)
        {
            return before;
        }

        foreach (var step in Steps.Skip(before))
        {
            await Execute(connection, step, cancellationToken);
        }

        await Execute(connection, $"UPDATE sanbashi_store SET schema_version = {Newest}", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return before;
    }

    private static async Task Execute(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
