using System.Text;

namespace Sanbashi.Cli.Services.Top;

/// <summary>One line of the screen: pieces with styles, never wider than the terminal.</summary>
internal sealed class TopLine(int width)
{
    private readonly List<(string Text, TopStyle Style)> _pieces = [];

    public int Length { get; private set; }

    public TopLine Add(string text, TopStyle style = TopStyle.Plain)
    {
        var fitting = text.Length <= width - Length ? text : text[..Math.Max(0, width - Length)];
        if (fitting.Length > 0)
        {
            _pieces.Add((fitting, style));
            Length += fitting.Length;
        }

        return this;
    }

    /// <summary>The same line with something at its right end.</summary>
    public TopLine Right(string text, TopStyle style = TopStyle.Plain) => Add(new string(' ', Math.Max(0, width - Length - text.Length))).Add(text, style);

    public string Render(bool hasColors)
    {
        var line = new StringBuilder();
        foreach (var (text, style) in _pieces)
        {
            var code = hasColors ? Code(style) : "";
            line.Append(code.Length > 0 ? $"\e[{code}m{text}\e[0m" : text);
        }

        return line.ToString();
    }

    private static string Code(TopStyle style) => style switch
    {
        TopStyle.Dim => "2",
        TopStyle.Bold => "1",
        TopStyle.Accent => "36",
        TopStyle.Good => "32",
        TopStyle.Warning => "33",
        TopStyle.Bad => "1;31",
        _ => "",
    };
}
