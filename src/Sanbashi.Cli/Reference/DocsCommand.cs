using System.CommandLine;

namespace Sanbashi.Cli.Reference;

/// <summary>The hidden command <c>docs reference DIR</c>: writes the pages that are generated.</summary>
internal static class DocsCommand
{
    public static Command Create()
    {
        var folder = new Argument<string>("DIR") { Description = "Where the pages go, docs/reference in a clone." };
        var reference = new Command("reference", "Writes the reference pages.") { folder };
        reference.SetAction(parsed =>
        {
            var target = parsed.GetValue(folder)!;
            Directory.CreateDirectory(target);
            foreach (var (name, content) in ReferencePages.All())
            {
                File.WriteAllText(Path.Combine(target, name), content);
                Console.Error.WriteLine($"Wrote {Path.Combine(target, name)}");
            }
        });
        return new Command("docs", "Writes documentation that is generated from this program.") { Hidden = true, Subcommands = { reference } };
    }
}
