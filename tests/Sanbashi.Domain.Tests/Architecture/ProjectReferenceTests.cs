using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Sanbashi.Domain.Tests.Architecture;

/// <summary>References between projects point down only.</summary>
public sealed partial class ProjectReferenceTests
{
    /// <summary>What each project may use.</summary>
    private static readonly Dictionary<string, string[]> _mayUse = new()
    {
        ["Sanbashi.Cli"] = ["Sanbashi.Console", "Sanbashi.Copilot", "Sanbashi.ControlPlane", "Sanbashi.Gateway", "Sanbashi.Engines", "Sanbashi.Storage", "Sanbashi.Wire", "Sanbashi.Domain"],
        ["Sanbashi.Console"] = ["Sanbashi.ControlPlane"],
        ["Sanbashi.Copilot"] = ["Sanbashi.Domain"],
        ["Sanbashi.ControlPlane"] = ["Sanbashi.Wire", "Sanbashi.Domain", "Sanbashi.Storage", "Sanbashi.Engines"],
        ["Sanbashi.Gateway"] = ["Sanbashi.Domain"],
        ["Sanbashi.Engines"] = ["Sanbashi.Domain"],
        ["Sanbashi.Storage"] = ["Sanbashi.Domain"],
        ["Sanbashi.Wire"] = [],
        ["Sanbashi.Domain"] = [],
    };

    public static TheoryData<string> Projects() => [.. Sources.Files("src", "*.csproj").Select(file => Path.GetFileNameWithoutExtension(file))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_References_PointDown(string project)
    {
        _mayUse.ShouldContainKey(project, $"{project} has no place in the order of projects yet: give it one here.");
        var references = Items(project, "ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')));

        references.Except(_mayUse[project]).ShouldBeEmpty();
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Project_SourceReferences_AreOnlyDirect(string project)
    {
        // What a reference brings along is visible to the compiler, but is not meant to be used.
        var used = Sources.Files($"src/{project}", "*.cs")
            .SelectMany(file => Namespaces().Matches(Sources.Read(file)).Select(match => match.Groups[1].Value))
            .Where(name => name != project)
            .Distinct();

        used.Except(_mayUse[project]).ShouldBeEmpty();
    }

    [Fact]
    public void Domain_Packages_AreNone()
    {
        Items("Sanbashi.Domain", "PackageReference").ShouldBeEmpty();
        Items("Sanbashi.Domain", "FrameworkReference").ShouldBeEmpty();
    }

    [Fact]
    public void Gateway_UsesOfTheDomain_AreRoutesOnly()
    {
        var used = Sources.Files("src/Sanbashi.Gateway", "*.cs")
            .SelectMany(file => DomainFolders().Matches(Sources.Read(file)).Select(match => match.Groups[1].Value))
            .Distinct();

        used.Except(["Routing"]).ShouldBeEmpty();
    }

    private static IEnumerable<string> Items(string project, string kind) =>
        XDocument.Parse(Sources.Read($"src/{project}/{project}.csproj")).Descendants(kind).Select(item => item.Attribute("Include")!.Value);

    [GeneratedRegex(@"using (?:static )?(?:\w+ = )?(Sanbashi\.\w+)")]
    private static partial Regex Namespaces();

    [GeneratedRegex(@"using (?:static )?(?:\w+ = )?Sanbashi\.Domain\.(\w+)")]
    private static partial Regex DomainFolders();
}
