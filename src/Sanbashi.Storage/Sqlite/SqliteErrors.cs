using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Sanbashi.Storage;

/// <summary>Turns SQLite's errors into ones that say what to do.</summary>
internal static class SqliteErrors
{
    public static StoreException Translate(SqliteException error, string attempted, string path)
    {
        var advice = error.SqliteErrorCode switch
        {
            raw.SQLITE_FULL => "the disk is full. Make room there; nothing is lost, and writing goes on as soon as there is some.",
            raw.SQLITE_READONLY => "the file or its folder may not be written. Give this user the right to write them, or mount the disk writable.",
            raw.SQLITE_PERM or raw.SQLITE_AUTH => "access is denied. Give this user the right to read and write the file and its folder.",
            raw.SQLITE_CANTOPEN => "the file cannot be opened for writing. See that its folder exists, that this user may read and write there, and that the disk is not mounted read-only.",
            raw.SQLITE_CORRUPT => "the file is damaged. Stop everything that uses it, keep a copy, move it away and restore the newest backup into a new store.",
            raw.SQLITE_NOTADB => "the file is not an SQLite database. Name another file, or move this one away.",
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "another process kept it locked for too long. Find out which one has it open (fuser or lsof on the file) and end it.",
            raw.SQLITE_IOERR => "the disk answers with errors. Look at the kernel's messages (dmesg) and at the disk.",
            raw.SQLITE_NOMEM => "there is no memory left. Free some, or raise this process's limit.",
            _ => "SQLite refused.",
        };
        return new StoreException($"Cannot {attempted} {path}: {advice} (SQLite error {error.SqliteExtendedErrorCode}: {error.Message})", error);
    }
}
