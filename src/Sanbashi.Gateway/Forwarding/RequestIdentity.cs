using System.Buffers;

namespace Sanbashi.Gateway.Forwarding;

/// <summary>The X-Request-Id of an exchange: the client's where it is a sane one, else a new one of 32 hex digits.</summary>
internal static class RequestIdentity
{
    private static readonly SearchValues<char> Visible = SearchValues.Create("!#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~");

    public static string From(string? sent) => IsSane(sent) ? sent! : RandomHex.Make(32);

    public static bool IsSane(string? sent) => sent is { Length: > 0 and <= GatewayDefaults.RequestIdLength } && !sent.AsSpan().ContainsAnyExcept(Visible);
}
