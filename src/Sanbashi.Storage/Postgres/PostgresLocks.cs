namespace Sanbashi.Storage;

/// <summary>Keys of advisory locks, as SQL. They are per database, so the schema is part of them: one database may hold several stores.</summary>
internal static class PostgresLocks
{
    /// <summary>Held for as long as the holder's session lives.</summary>
    public const string Lease = "hashtextextended('sanbashi lease ' || current_schema(), 0)";

    /// <summary>Held while tables are made.</summary>
    public const string Schema = "hashtextextended('sanbashi schema ' || current_schema(), 0)";
}
