using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Sanbashi.Storage;

/// <summary>Reads a backup from front to back and proves at its end that nothing is missing or changed.</summary>
internal sealed class BackupReader : IAsyncDisposable
{
    private readonly string _path;
    private readonly FileStream _file;
    private readonly PipeReader _lines;
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private long _bytes;

    private BackupReader(string path, FileStream file)
    {
        _path = path;
        _file = file;
        _lines = PipeReader.Create(new GZipStream(file, CompressionMode.Decompress));
        Manifest = new BackupManifest("", 0, null, "", 0, 0);
    }

    public BackupManifest Manifest { get; private set; }

    public static async Task<BackupReader> Open(string path, CancellationToken cancellationToken)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"Cannot read the backup {path}: {e.Message}", e);
        }

        var reader = new BackupReader(path, file);
        try
        {
            await reader.ReadManifest(cancellationToken);
            return reader;
        }
        catch
        {
            await reader.DisposeAsync();
            throw;
        }
    }

    /// <summary>All documents; the enumeration throws at the end, at the latest, if the backup is not whole.</summary>
    public async IAsyncEnumerable<Document> Documents([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var read = 0L;
        for (; read < Manifest.Documents; read++)
        {
            var line = await ReadLine(hashed: true, cancellationToken);
            yield return Parse(line, BackupLines.Json.BackupDocument, $"document {read + 1} of {Manifest.Documents}").ToDocument();
        }

        var hash = Convert.ToHexStringLower(_hash.GetHashAndReset());
        var trailer = Parse(await ReadLine(hashed: false, cancellationToken), BackupLines.Json.BackupTrailer, "the last line");
        if (trailer.DocumentsWritten != read || trailer.Sha256 != hash)
        {
            throw Damaged($"its checksum is {trailer.Sha256} over {trailer.DocumentsWritten} documents, but {hash} over {read} was read");
        }

        if (await TryReadLine(cancellationToken) is not null)
        {
            throw Damaged("something follows its last line");
        }

        ThrowIfFooterIsCutOff();
    }

    public static void ThrowIfNotEmpty(string storeName, long documents)
    {
        if (documents > 0)
        {
            throw new StoreException($"Cannot restore into {storeName}: it holds {documents} documents, and a backup is only restored into an empty store. Nothing was written. Restore into a new one.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _lines.CompleteAsync();
        _hash.Dispose();
    }

    /// <summary>.NET reads a gzip file without its last bytes (the length, modulo 2^32) as if it were whole.</summary>
    private void ThrowIfFooterIsCutOff()
    {
        Span<byte> footer = stackalloc byte[sizeof(uint)];
        RandomAccess.Read(_file.SafeFileHandle, footer, _file.Length - footer.Length);
        if (BinaryPrimitives.ReadUInt32LittleEndian(footer) != (uint)_bytes)
        {
            throw Damaged("its end is cut off");
        }
    }

    private async Task ReadManifest(CancellationToken cancellationToken)
    {
        Manifest = Parse(await ReadLine(hashed: true, cancellationToken), BackupLines.Json.BackupManifest, "the first line");
        if (Manifest.Format != DocumentBackup.Format)
        {
            throw new StoreException($"Cannot read {_path}: it is not a backup of this platform.");
        }

        if (Manifest.Version > DocumentBackup.FormatVersion)
        {
            throw new StoreException(
                $"Cannot read the backup {_path}: its format is {Manifest.Version}, and this version knows formats up to {DocumentBackup.FormatVersion}. Restore it with the version that made it, or a newer one.");
        }
    }

    private T Parse<T>(byte[] line, JsonTypeInfo<T> type, string what)
    {
        try
        {
            return JsonSerializer.Deserialize(line, type) ?? throw Damaged($"{what} is null");
        }
        catch (JsonException e)
        {
            throw Damaged($"{what} is not what it should be ({e.Message})", e);
        }
    }

    private async Task<byte[]> ReadLine(bool hashed, CancellationToken cancellationToken)
    {
        var line = await TryReadLine(cancellationToken) ?? throw Damaged("it ends too early");
        if (hashed)
        {
            _hash.AppendData(line);
            _hash.AppendData("\n"u8);
        }

        return line;
    }

    private async Task<byte[]?> TryReadLine(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var result = await _lines.ReadAsync(cancellationToken);
                if (result.Buffer.PositionOf((byte)'\n') is { } end)
                {
                    var line = result.Buffer.Slice(0, end).ToArray();
                    _lines.AdvanceTo(result.Buffer.GetPosition(1, end));
                    _bytes += line.Length + 1;
                    return line;
                }

                if (result.IsCompleted)
                {
                    return result.Buffer.IsEmpty ? null : throw Damaged("its last line is cut off");
                }

                // A line holds one document, whose body is bounded; JSON escapes at most sixfold.
                if (result.Buffer.Length > 8L * WriteRules.MaxBodyLength)
                {
                    throw Damaged("one of its lines is longer than any document");
                }

                _lines.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw Damaged(e.Message, e);
        }
    }

    private StoreException Damaged(string found, Exception? inner = null) =>
        new($"Cannot restore from the backup {_path}: it is damaged, {found}. Nothing was written. Use another backup.", inner);
}
