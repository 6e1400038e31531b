namespace Sanbashi.Cli.Services.Top;

/// <summary>How a piece of text looks. Without colours everything can still be told by its words and numbers.</summary>
internal enum TopStyle
{
    Plain,
    Dim,
    Bold,
    Accent,
    Good,
    Warning,
    Bad,
}
