namespace Sanbashi.ControlPlane.Api;

/// <summary>The beginning of what a caller sent, for messages.</summary>
internal static class Excerpt
{
    private const int DefaultLength = 100;

    public static string Of(string text, int length = DefaultLength) => text.Length <= length ? text : text[..length] + "...";
}
