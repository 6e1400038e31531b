using Sanbashi.Domain.Secrets;

namespace Sanbashi.ControlPlane.Secrets.Encryption;

/// <summary>Seals and opens values with the keys in use.</summary>
internal sealed class SecretKeys(KeyFile file)
{
    private volatile KeyRing _ring = new(file.Load());

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
    public byte[] Open(SealedValue value, string binding) =>
        Envelope.Open(_ring.Find(value.KeyId) ?? throw new KeyMissingException(binding, value.KeyId, file.Path), value, binding);
}
