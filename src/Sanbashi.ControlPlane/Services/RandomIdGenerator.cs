using System.Security.Cryptography;

namespace Sanbashi.ControlPlane.Services;

public sealed class RandomIdGenerator : IIdGenerator
{
    public string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
}
