using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sanbashi.Storage;

/// <summary>
/// The portable form of a store: gzip over lines of JSON (a <see cref="BackupManifest"/>, one line per document in creation order, a trailer with count
/// and SHA-256). The same for every kind of store, so that a backup also moves the state from one kind to another. The feed of changes is not in it.
/// </summary>
public static class DocumentBackup
{
    internal const string Format = "sanbashi-backup";
    internal const int FormatVersion = 1;

    /// <summary>Reads a whole backup without restoring it, and answers what it says about itself.</summary>
    /// <exception cref="StoreException">It is damaged, or of a newer format.</exception>
    public static async Task<BackupManifest> Verify(string path, CancellationToken cancellationToken)
    {
        await using var reader = await BackupReader.Open(path, cancellationToken);
        await foreach (var _ in reader.Documents(cancellationToken))
        {
        }

        return reader.Manifest;
    }

    internal static Task Write(string path, BackupManifest manifest, IAsyncEnumerable<Document> documents, CancellationToken cancellationToken) =>
        DurableFile.Replace(path, async file =>
        {
            await using var gzip = new GZipStream(file, CompressionLevel.Fastest, leaveOpen: true);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await WriteLine(gzip, hash, manifest, BackupLines.Json.BackupManifest, cancellationToken);
            var written = 0L;
            await foreach (var document in documents.WithCancellation(cancellationToken))
            {
                await WriteLine(gzip, hash, BackupDocument.Of(document), BackupLines.Json.BackupDocument, cancellationToken);
                written++;
            }

            var trailer = new BackupTrailer(written, Convert.ToHexStringLower(hash.GetHashAndReset()));
            await WriteLine(gzip, hash, trailer, BackupLines.Json.BackupTrailer, cancellationToken);
        });

    private static async Task WriteLine<T>(Stream stream, IncrementalHash hash, T value, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(value, type), (byte)'\n'];
        hash.AppendData(line);
        await stream.WriteAsync(line, cancellationToken);
    }
}
