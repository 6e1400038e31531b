using Spectre.Console;

namespace Sanbashi.Cli.Terminal;

/// <summary>The two looks of tables: a list with headings, and facts as name and value. Without borders, so that they can be read by awk too.</summary>
internal static class Tables
{
    private const int Gap = 3;

    public static Table List(params IReadOnlyList<string> headings)
    {
        var table = new Table { Border = TableBorder.None, UseSafeBorder = false };
        foreach (var heading in headings)
        {
            table.AddColumn(new TableColumn(heading) { NoWrap = true, Padding = new Padding(0, 0, Gap, 0) });
        }

        return table;
    }

    public static Table Facts()
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumn(new TableColumn("") { NoWrap = true, Padding = new Padding(0, 0, Gap, 0) });
        table.AddColumn(new TableColumn("") { Padding = new Padding(0, 0, 0, 0) });
        return table;
    }
}
