using System.Globalization;
using System.Text;

namespace Sanbashi.Bench.Scaling;

/// <summary>A small line chart as SVG, readable on light and dark pages: time or a value to the right, numbers upwards.</summary>
internal sealed class LineChart(string title, string across, string up)
{
    private const int Width = 720, Height = 320, Left = 64, Right = 20, Top = 44, Bottom = 48;
    private static readonly string[] Colours = ["#2f6fde", "#d9480f", "#2b8a3e", "#862e9c"];

    private readonly List<(string Name, IReadOnlyList<(double X, double Y)> Points, bool IsStepped)> _lines = [];

    public void Add(string name, IReadOnlyList<(double X, double Y)> points, bool isStepped = false) => _lines.Add((name, points, isStepped));

    public void Write(string path)
    {
        var (mostX, mostY) = (Round(_lines.Max(line => line.Points.Max(point => point.X))), Round(_lines.Max(line => line.Points.Max(point => point.Y))));
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"12\" role=\"img\" aria-label=\"{title}\">\n");
        svg.Append(CultureInfo.InvariantCulture, $"<rect width=\"{Width}\" height=\"{Height}\" rx=\"8\" fill=\"#ffffff\"/>\n<text x=\"{Left}\" y=\"22\" font-size=\"14\" font-weight=\"bold\" fill=\"#222\">{title}</text>\n");
        const int Steps = 5;
        for (var i = 0; i <= Steps; i++)
        {
            var (x, y) = (X(mostX * i / Steps, mostX), Y(mostY * i / Steps, mostY));
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"M{Left} {y:0.#}H{Width - Right}\" stroke=\"#e5e5e5\"/><text x=\"{Left - 8}\" y=\"{y + 4:0.#}\" text-anchor=\"end\" fill=\"#555\">{mostY * i / Steps:0.##}</text>\n");
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\" fill=\"#555\">{mostX * i / Steps:0.##}</text>\n");
        }

        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 10}\" text-anchor=\"middle\" fill=\"#555\">{across}</text>\n");
        svg.Append(CultureInfo.InvariantCulture, $"<text transform=\"translate(16 {(Top + Height - Bottom) / 2}) rotate(-90)\" text-anchor=\"middle\" fill=\"#555\">{up}</text>\n");
        for (var i = 0; i < _lines.Count; i++)
        {
            var (name, points, isStepped) = _lines[i];
            var colour = Colours[i % Colours.Length];
            svg.Append(CultureInfo.InvariantCulture, $"<path d=\"{Path(points, isStepped, mostX, mostY)}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"/>\n");
            svg.Append(CultureInfo.InvariantCulture, $"<rect x=\"{Width - Right - 190}\" y=\"{Top + 4 + i * 18}\" width=\"12\" height=\"4\" fill=\"{colour}\"/><text x=\"{Width - Right - 172}\" y=\"{Top + 10 + i * 18}\" fill=\"#222\">{name}</text>\n");
        }

        File.WriteAllText(path, svg.Append("</svg>\n").ToString());
    }

    private static string Path(IReadOnlyList<(double X, double Y)> points, bool isStepped, double mostX, double mostY)
    {
        var path = new StringBuilder();
        foreach (var (x, y) in points)
        {
            var (left, top) = (X(x, mostX), Y(y, mostY));
            path.Append(path.Length == 0
                ? string.Create(CultureInfo.InvariantCulture, $"M{left:0.#} {top:0.#}")
                : isStepped ? string.Create(CultureInfo.InvariantCulture, $"H{left:0.#}V{top:0.#}") : string.Create(CultureInfo.InvariantCulture, $"L{left:0.#} {top:0.#}"));
        }

        return path.ToString();
    }

    private static double X(double value, double most) => Left + value / most * (Width - Left - Right);

    private static double Y(double value, double most) => Height - Bottom - value / most * (Height - Top - Bottom);

    /// <summary>The next of 1, 2, 5, 10, ... that is not below it: axes with round numbers.</summary>
    private static double Round(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(Math.Max(value, 1e-9))));
        return new[] { 1.0, 2, 2.5, 5, 10 }.Select(step => step * power).First(step => step >= value * 0.999999);
    }
}
