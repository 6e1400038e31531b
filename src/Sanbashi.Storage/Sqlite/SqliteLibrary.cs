using System.Reflection;
using System.Runtime.InteropServices;
using SQLitePCL;

namespace Sanbashi.Storage;

/// <summary>Binds to the system's SQLite, which the distribution keeps up to date.</summary>
internal static class SqliteLibrary
{
    private static readonly string[] Names = ["libsqlite3.so.0", "libsqlite3.so", "libsqlite3.dylib"];
    private static readonly Lazy<nint> Loaded = new(Load);

    /// <summary>Must come before the first use of SQLite.</summary>
    /// <exception cref="StoreException">The library is not installed.</exception>
    public static void Use()
    {
        if (Loaded.Value == 0)
        {
            throw new StoreException("Cannot use SQLite: the library libsqlite3.so.0 was not found. Install the package libsqlite3-0 (apt-get install libsqlite3-0), or use PostgreSQL with --store postgres://...");
        }
    }

    private static nint Load()
    {
        foreach (var name in Names)
        {
            if (NativeLibrary.TryLoad(name, out var handle))
            {
                NativeLibrary.SetDllImportResolver(typeof(SQLite3Provider_e_sqlite3).Assembly, (library, _, _) => Resolve(library, handle));
                raw.SetProvider(new SQLite3Provider_e_sqlite3());
                return handle;
            }
        }

        return 0;
    }

    private static nint Resolve(string library, nint sqlite) => library == "e_sqlite3" ? sqlite : 0;
}
