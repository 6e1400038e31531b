using System.Buffers;

namespace Sanbashi.Domain.Secrets;

/// <summary>What a secret may be called.</summary>
public static class SecretName
{
    private static readonly SearchValues<char> _allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-/_+=.@!");

    public static bool IsValid(string name) => name.Length is > 0 and <= 512 && !name.AsSpan().ContainsAnyExcept(_allowed);
}
