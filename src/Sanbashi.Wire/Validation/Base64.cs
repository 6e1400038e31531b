namespace Sanbashi.Wire;

/// <summary>Blobs are carried as base64 text.</summary>
internal static class Base64
{
    /// <summary>How many bytes the text stands for; -1 when it is not base64.</summary>
    public static int DecodedLength(string text) =>
        System.Buffers.Text.Base64.IsValid(text, out var length) ? length : -1;
}
