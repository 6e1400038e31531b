using Sanbashi.Domain.Secrets;

namespace Sanbashi.ControlPlane.Secrets.Encryption;

/// <summary>Held from sealing a value until it is written, so that a change of keys knows when the last value under the old key is in the store.</summary>
internal sealed class Sealing(KeyRing ring) : IDisposable
{
    public SealedValue Seal(ReadOnlySpan<byte> value, string binding) => Envelope.Seal(ring.Current, value, binding);

    public void Dispose() => ring.Leave();
}
