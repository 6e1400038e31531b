using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Sanbashi.Domain.Routing;

namespace Sanbashi.Gateway.Access;

/// <summary>
/// Checks passwords without holding up requests: what has been checked once is known by a keyed fingerprint, what has not is computed on the pool, on at
/// most half of the processors at a time, with a bounded number waiting. So guessing costs others at most the time of their first request.
/// </summary>
internal sealed class PasswordVerifier : IDisposable
{
    private readonly byte[] _key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<UInt128, bool> _known = new();
    private readonly SemaphoreSlim _slots = new(Math.Max(1, Environment.ProcessorCount / 2));
    private int _waiting;

    /// <summary>Passwords that were computed, not known.</summary>
    public int Computed { get; private set; }

    /// <summary>Whether the password is right; null when too many are being checked.</summary>
    public ValueTask<bool?> Verify(PasswordHash hash, string hashText, string password, CancellationToken cancellationToken)
    {
        var fingerprint = FingerprintOf(hashText, password);
        return _known.TryGetValue(fingerprint, out var isRight) ? new ValueTask<bool?>(isRight) : Compute(fingerprint, hash, password, cancellationToken);
    }

    public void Dispose() => _slots.Dispose();

    private async ValueTask<bool?> Compute(UInt128 fingerprint, PasswordHash hash, string password, CancellationToken cancellationToken)
    {
        if (Interlocked.Increment(ref _waiting) > GatewayDefaults.PasswordChecksWaiting)
        {
            Interlocked.Decrement(ref _waiting);
            return null;
        }

        try
        {
            await _slots.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }

        try
        {
            // A browser opens several connections at once: all but the first find the answer here.
            if (_known.TryGetValue(fingerprint, out var known))
            {
                return known;
            }

            var isRight = await Task.Run(() => hash.Verifies(password), CancellationToken.None).ConfigureAwait(false);
            Computed++;
            if (_known.Count >= GatewayDefaults.PasswordsKnown)
            {
                _known.Clear();
            }

            _known[fingerprint] = isRight;
            return isRight;
        }
        finally
        {
            _slots.Release();
        }
    }

    private UInt128 FingerprintOf(string hashText, string password)
    {
        Span<byte> full = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(_key, Encoding.UTF8.GetBytes($"{hashText}\0{password}"), full);
        return BinaryPrimitives.ReadUInt128BigEndian(full);
    }
}
