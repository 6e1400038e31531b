using System.Text.RegularExpressions;

namespace Sanbashi.Docs.Tests.Pages;

/// <summary>What must not be in a file of the project: paths of somebody's machine, and addresses that nobody chose on purpose.</summary>
public sealed partial class WordTests
{
    /// <summary>Everything that a URL in the project may name. A new one is added on purpose or was left behind by accident.</summary>
    private static readonly string[] _knownHosts =
    [
        "dotnet.microsoft.com", "ec2.amazonaws.com", "ghcr.io", "github.com", "index.docker.io", "keepachangelog.com", "semver.org", "sts.amazonaws.com", "www.apache.org", "www.w3.org",
    ];

    /// <summary>Hosts that stand for the reader's own machine, or for none (RFC 2606, RFC 6761); a single word is a made-up host of a test.</summary>
    private static readonly string[] _anybody = [".example.com", ".example.org", ".example.net", ".example", ".localhost", ".test", ".invalid", ".sslip.io"];

    [Fact]
    public void Files_OfTheProject_NameNoMachinesPaths() =>
        Matches(PersonalPath()).ShouldBeEmpty();

    [Fact]
    public void Urls_InTheProject_NameKnownHosts() =>
        Matches(Url()).Where(found => !IsKnown(found.Match.Groups["host"].Value)).ShouldBeEmpty();

    private static IEnumerable<(string File, Match Match)> Matches(Regex pattern) =>
        from file in Clone.Files()
        let text = Text(file)
        where text is not null
        from match in pattern.Matches(text)
        select (file, match);

    /// <summary>Null for files that are not text, and for models that were taken over as they are.</summary>
    private static string? Text(string file)
    {
        if (file.Contains("/Embedded/", StringComparison.Ordinal))
        {
            return null;
        }

        var text = Clone.Read(file);
        return text.Contains('\0') ? null : text;
    }

    private static bool IsKnown(string host) =>
        !host.Contains('.')
        || _knownHosts.Contains(host)
        || host.All(c => char.IsAsciiDigit(c) || c == '.')
        || _anybody.Any(ending => host.EndsWith(ending, StringComparison.Ordinal) || host == ending[1..]);

    [GeneratedRegex(@"(?<![\w.~$}*])/(work|root|home/\w+|Users/\w+)/[\w.]")]
    private static partial Regex PersonalPath();

    [GeneratedRegex(@"https?://([^@/\s""'<>{}]*@)?(?<host>[A-Za-z0-9][A-Za-z0-9.-]*[A-Za-z0-9])(?![{])")]
    private static partial Regex Url();
}
