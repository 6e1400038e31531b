using System.Text;

namespace Sanbashi.ControlPlane.Metrics;

/// <summary>Labels of a sample, as they are written.</summary>
internal sealed record PrometheusLabels(string Text)
{
    public static PrometheusLabels None { get; } = new("");

    public static PrometheusLabels Of(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in labels)
        {
            Append(text, name, value);
        }

        return new PrometheusLabels(text.ToString());
    }

    public PrometheusLabels With(string name, string value)
    {
        var text = new StringBuilder(Text);
        Append(text, name, value);
        return new PrometheusLabels(text.ToString());
    }

    private static void Append(StringBuilder text, string name, string value)
    {
        text.Append(text.Length > 0 ? "," : "").Append(name).Append("=\"");
        foreach (var c in value)
        {
            text.Append(c switch
            {
                '\\' => @"\\",
                '"' => "\\\"",
                '\n' => @"\n",
                _ => c.ToString(),
            });
        }

        text.Append('"');
    }
}
