using Sanbashi.Domain.Secrets;

namespace Sanbashi.ControlPlane.Secrets.Encryption;

/// <summary>Seals and opens values with the keys in use.</summary>
internal sealed class SecretKeys(IKeySource source)
{
    private volatile KeyRing _ring = new(source.Load());

    /// <summary>What seals now.</summary>
    public string CurrentId => _ring.Current.Id;

    /// <summary>Whether there are others than the one that seals.</summary>
    public bool HasOlder => _ring.Keys.Count > 1;

    public Sealing BeginSealing()
    {
        while (true)
        {
            var ring = _ring;
            if (ring.TryEnter())
            {
                return new Sealing(ring);
            }
        }
    }

    /// <exception cref="SealBrokenException">It was changed.</exception>
    /// <exception cref="KeyMissingException">Its key is not there.</exception>
    public byte[] Open(SealedValue value, string binding) => Envelope.Open(KeyOf(value, binding), value, binding);

    /// <summary>The same value under the key that seals now.</summary>
    /// <exception cref="SealBrokenException">It was changed.</exception>
    /// <exception cref="KeyMissingException">Its key is not there.</exception>
    public SealedValue Rewrap(SealedValue value, string binding) => Envelope.Rewrap(KeyOf(value, binding), _ring.Current, value, binding);

    /// <summary>Seals with another key from now on. Completes when everything that was sealed with the one before is written.</summary>
    /// <exception cref="InvalidOperationException">Somebody else keeps the keys, and has not put another one first.</exception>
    public async Task Advance()
    {
        var before = _ring;
        IReadOnlyList<EncryptionKey> keys = [EncryptionKey.Make(), .. before.Keys];
        if (!source.TryReplace(keys))
        {
            keys = source.Load();
            if (keys[0].Id == before.Current.Id)
            {
                throw new InvalidOperationException(
                    $"The keys are kept in {source.Name}, and key {keys[0].Id} is still its first. Put a new key on the first line there (openssl rand -base64 32), leave the old one below, and try again.");
            }
        }

        _ring = new KeyRing(keys);
        await before.Retire();
    }

    /// <summary>Forgets all keys but the one that seals, when nothing is sealed with them any more. Keys that somebody else keeps stay there.</summary>
    public void DropOlder()
    {
        var before = _ring;
        if (HasOlder && source.TryReplace([before.Current]))
        {
            _ring = new KeyRing([before.Current]);
            _ = before.Retire();
        }
    }

    private EncryptionKey KeyOf(SealedValue value, string binding) => _ring.Find(value.KeyId) ?? throw new KeyMissingException(binding, value.KeyId, source.Name);
}
