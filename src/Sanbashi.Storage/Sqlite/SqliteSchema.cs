namespace Sanbashi.Storage;

/// <summary>The tables of an SQLite store, as numbered steps. A step that was released is never changed.</summary>
internal static class SqliteSchema
{
    // Marks the file as ours ("Sanb"), so that no other program's database is taken for a store.
    private const int ApplicationId = 0x53616e62;

    public static IReadOnlyList<string> Steps { get; } =
    [
        // 1: documents and changes
        $"""
        PRAGMA application_id = {ApplicationId};
        CREATE TABLE sanbashi_store (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            schema_version INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            trimmed_sequence INTEGER NOT NULL
        );
        INSERT INTO sanbashi_store VALUES (1, 1, 0, 0);
        CREATE TABLE sanbashi_documents (
            created INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            account TEXT NOT NULL,
            region TEXT NOT NULL,
            id TEXT NOT NULL,
            name TEXT,
            parent TEXT,
            version INTEGER NOT NULL,
            body TEXT NOT NULL
        );
        CREATE UNIQUE INDEX sanbashi_documents_key ON sanbashi_documents (kind, account, region, id);
        CREATE INDEX sanbashi_documents_order ON sanbashi_documents (kind, account, region, created);
        CREATE TABLE sanbashi_changes (
            sequence INTEGER PRIMARY KEY,
            kind TEXT NOT NULL,
            account TEXT NOT NULL,
            region TEXT NOT NULL,
            id TEXT NOT NULL,
            deleted INTEGER NOT NULL
        );
        """,

        // 2: one writer, and queries by name, by parent and over all scopes
        """
        ALTER TABLE sanbashi_store ADD COLUMN fencing INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX sanbashi_documents_kind ON sanbashi_documents (kind, created);
        CREATE INDEX sanbashi_documents_name ON sanbashi_documents (kind, name, created) WHERE name IS NOT NULL;
        CREATE INDEX sanbashi_documents_parent ON sanbashi_documents (kind, parent, created) WHERE parent IS NOT NULL;
        """,
    ];

    public static int Newest => Steps.Count;

    /// <summary>0 for an empty file.</summary>
    /// <exception cref="StoreException">The file belongs to another program or to a newer version.</exception>
    public static int VersionOf(SqliteSession session, string path)
    {
        if (session.Number("SELECT count(*) FROM sqlite_schema") == 0)
        {
            return 0;
        }

        if (session.Number("PRAGMA application_id") != ApplicationId)
        {
            throw new StoreException($"Cannot open the store {path}: the file is an SQLite database of another program. Name another file.");
        }

        var version = (int)session.Number("SELECT schema_version FROM sanbashi_store");
        SchemaVersions.ThrowIfNewer(path, version, Newest);
        return version;
    }

    /// <summary>Brings the tables to the newest version, in one transaction; answers the version that was there.</summary>
    public static int Migrate(SqliteSession session, string path)
    {
        var before = 0;
        session.Write(() =>
        {
            before = VersionOf(session, path);
            foreach (var step in Steps.Skip(before))
            {
                session.Execute(step);
            }

            session.Execute("UPDATE sanbashi_store SET schema_version = $1", Newest);
            return before < Newest;
        });
        return before;
    }
}
