namespace Sanbashi.Wire;

/// <summary>Shortens texts for messages.</summary>
internal static class Excerpt
{
    /// <summary>At most <paramref name="length"/> characters on one line, with "..." where something is missing.</summary>
    public static string Of(string text, int length)
    {
        var cut = Cut(text, length);
        return cut.Any(char.IsControl)
            ? string.Create(cut.Length, cut, static (line, source) =>
            {
                for (var index = 0; index < line.Length; index++)
                {
                    line[index] = char.IsControl(source[index]) ? ' ' : source[index];
                }
            })
            : cut;
    }

    /// <summary>At most <paramref name="length"/> (4 or more) characters, with "..." where something is missing.</summary>
    public static string Cut(string text, int length)
    {
        if (text.Length <= length)
        {
            return text;
        }

        var kept = length - 3;
        return string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[kept - 1]) ? kept - 1 : kept), "...");
    }
}
