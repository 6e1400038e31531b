using Sanbashi.Cli.Reference;

namespace Sanbashi.Cli.Tests.Reference;

public sealed class ReferencePagesTests
{
    public static TheoryData<string> Names => [.. ReferencePages.All().Select(page => page.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Page_CheckedIn_IsCurrent(string name)
    {
        var path = Path.Combine(Built.Root, "docs", "reference", name);
        var current = ReferencePages.All().Single(page => page.Name == name).Content;

        File.ReadAllText(path).ShouldBe(current, $"{path} is old. Write it anew: ./sanbashi docs reference docs/reference");
    }

    [Fact]
    public void Commands_AllOfThem_SayWhatTheyDo()
    {
        foreach (var command in Below(CommandLine.Root()))
        {
            command.Description.ShouldNotBeNullOrWhiteSpace($"{command.Name} has no description");
            foreach (var symbol in command.Options.Cast<System.CommandLine.Symbol>().Concat(command.Arguments))
            {
                symbol.Description.ShouldNotBeNullOrWhiteSpace($"{command.Name} {symbol.Name} has no description");
            }
        }
    }

    private static IEnumerable<System.CommandLine.Command> Below(System.CommandLine.Command command) =>
        command.Subcommands.SelectMany(below => Below(below).Prepend(below));
}
