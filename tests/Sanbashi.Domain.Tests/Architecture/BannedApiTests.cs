using System.Text.RegularExpressions;

namespace Sanbashi.Domain.Tests.Architecture;

/// <summary>Time comes from a TimeProvider and chance from whoever decides: without that, a decision cannot be simulated nor repeated.</summary>
public sealed partial class BannedApiTests
{
    /// <summary>Uses that decide nothing, each with its reason.</summary>
    private static readonly Dictionary<string, string[]> _allowed = new()
    {
        // RFC 6455 asks for a mask nobody can foresee; it changes no decision.
        ["src/Sanbashi.Gateway/WebSockets/WebSocketTunnel.cs"] = ["Random.Shared"],

        // Request and trace ids: unique is all they have to be, on the request path.
        ["src/Sanbashi.Gateway/Forwarding/RandomHex.cs"] = ["Random.Shared"],
    };

    [Fact]
    public void Source_ClockAndChance_AreInjected()
    {
        var found =
            from file in Sources.Files("src", "*.cs")
            from line in Sources.Read(file).Split('\n').Index()
            let use = Banned().Match(Code(line.Item))
            where use.Success && !_allowed.GetValueOrDefault(file, []).Contains(use.Value)
            select $"{file}:{line.Index + 1}: {use.Value}";

        found.ShouldBeEmpty();
    }

    [Fact]
    public void Source_Delays_NameTheirClock()
    {
        var found =
            from file in Sources.Files("src", "*.cs")
            let text = Sources.Read(file)
            from match in Delays().Matches(text)
            let arguments = Arguments(text, match.Index + match.Length)
            where !arguments.Skip(1).Any(argument => Clock().IsMatch(argument))
            select $"{file}:{text.AsSpan(0, match.Index).Count('\n') + 1}: {match.Value}{string.Join(", ", arguments)})";

        found.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("a, time)", new[] { "a", "time" })]
    [InlineData("TimeSpan.FromSeconds(x, y), _options.TimeProvider, token) f(", new[] { "TimeSpan.FromSeconds(x, y)", "_options.TimeProvider", "token" })]
    [InlineData("1_000)", new[] { "1_000" })]
    public void Arguments_OfACall_AreToldApart(string text, string[] arguments)
    {
        Arguments(text, 0).ShouldBe(arguments);
    }

    private static string Code(string line)
    {
        var comment = line.IndexOf("//", StringComparison.Ordinal);
        return comment < 0 ? line : line[..comment];
    }

    private static List<string> Arguments(string text, int start)
    {
        var arguments = new List<string>();
        var (depth, begin) = (0, start);
        for (var i = start; i < text.Length; i++)
        {
            switch (text[i])
            {
                case '(' or '[' or '{':
                    depth++;
                    break;
                case ')' when depth == 0:
                    arguments.Add(text[begin..i].Trim());
                    return arguments;
                case ')' or ']' or '}':
                    depth--;
                    break;
                case ',' when depth == 0:
                    arguments.Add(text[begin..i].Trim());
                    begin = i + 1;
                    break;
            }
        }

        return arguments;
    }

    [GeneratedRegex(@"\b(DateTime(Offset)?\.(Utc)?Now|DateTime\.Today|Random\.Shared|new Random\(\)|Thread\.Sleep|Environment\.TickCount(64)?|Stopwatch\.(StartNew|GetTimestamp))\b?")]
    private static partial Regex Banned();

    [GeneratedRegex(@"\b(Task\.Delay|new PeriodicTimer)\(")]
    private static partial Regex Delays();

    [GeneratedRegex(@"(?i)(\b|_|\.)(time|timeProvider|clock|TimeProvider\.System)$")]
    private static partial Regex Clock();
}
