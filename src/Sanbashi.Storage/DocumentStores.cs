using Microsoft.Extensions.Logging;

namespace Sanbashi.Storage;

/// <summary>Opens the store that an address names.</summary>
public static class DocumentStores
{
    private const string SqliteScheme = "sqlite:";

    /// <summary>
    /// Opens <c>postgres://user:password@host:port/database?sslmode=...</c> (or <c>postgresql://</c>), <c>sqlite:///path</c> or the path of an SQLite file,
    /// and makes its tables if it is empty.
    /// </summary>
    /// <exception cref="StoreException">The address is none of these, or the store cannot be opened; says what to do. Passwords are never in the message.</exception>
    public static async Task<IDocumentStore> Open(string urlOrPath, TimeProvider timeProvider, ILoggerFactory? loggers, CancellationToken cancellationToken)
    {
        if (PostgresUrl.IsOne(urlOrPath))
        {
            return await PostgresDocumentStore.Open(urlOrPath, timeProvider, null, loggers?.CreateLogger<PostgresDocumentStore>(), cancellationToken);
        }

        return SqliteDocumentStore.Open(PathOf(urlOrPath), timeProvider, null, loggers?.CreateLogger<SqliteDocumentStore>());
    }

    private static string PathOf(string urlOrPath)
    {
        if (urlOrPath.StartsWith(SqliteScheme, StringComparison.OrdinalIgnoreCase))
        {
            var path = urlOrPath[SqliteScheme.Length..];
            if (path.StartsWith("///", StringComparison.Ordinal))
            {
                return Uri.UnescapeDataString(path[2..]);
            }
        }
        else if (urlOrPath.Length > 0 && !urlOrPath.Contains("://", StringComparison.Ordinal))
        {
            return urlOrPath;
        }

        throw new StoreException(
            $"Cannot open the store '{PostgresUrl.WithoutSecrets(urlOrPath)}': it must be postgres://USER:PASSWORD@HOST:PORT/DATABASE, sqlite:///PATH with an absolute path, or the path of a file.");
    }
}
