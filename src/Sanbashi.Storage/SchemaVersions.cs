namespace Sanbashi.Storage;

/// <summary>What is said when a store's tables are of another version. Only the leader migrates: an older platform may still be writing.</summary>
internal static class SchemaVersions
{
    public static void ThrowIfNewer(string storeName, int found, int newest)
    {
        if (found > newest)
        {
            throw new StoreException(
                $"Cannot open the store {storeName}: its schema is version {found}, and this version of the platform knows up to {newest}. Use the version that wrote it or a newer one, or restore a backup into a new store.");
        }
    }

    public static void ThrowIfOlder(string storeName, int found, int newest)
    {
        if (found < newest)
        {
            throw new StoreException(
                $"Cannot read the store {storeName}: its schema is version {found}, and this version of the platform reads {newest}. Start the platform with this version once; it brings the schema up to date as soon as it is the only writer.");
        }
    }
}
