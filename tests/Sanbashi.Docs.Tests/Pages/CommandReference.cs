using System.Text.RegularExpressions;

namespace Sanbashi.Docs.Tests.Pages;

/// <summary>The commands and options that there are, read from <c>docs/reference/cli.md</c>.</summary>
internal sealed partial class CommandReference
{
    public const string Page = "docs/reference/cli.md";

    private readonly Dictionary<string, HashSet<string>> _optionsByCommand = new(StringComparer.Ordinal);
    private readonly HashSet<string> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _everywhere = new(StringComparer.Ordinal) { ["--help"] = false, ["-h"] = false, ["-?"] = false };

    private CommandReference()
    {
    }

    public static CommandReference Read()
    {
        var reference = new CommandReference();
        string? command = null;
        foreach (var line in Clone.Read(Page).Split('\n'))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                command = line.StartsWith("## sanbashi ", StringComparison.Ordinal) ? line["## sanbashi ".Length..].Trim() : null;
                if (command is not null)
                {
                    reference._optionsByCommand[command] = [];
                    for (var end = command.LastIndexOf(' '); end > 0; end = command.LastIndexOf(' ', end - 1))
                    {
                        reference._groups.Add(command[..end]);
                    }
                }
            }
            else if (line.StartsWith("| `-", StringComparison.Ordinal))
            {
                foreach (Match option in OptionName().Matches(line.Split('|')[1]))
                {
                    reference.AddOption(command, option.Groups["name"].Value, option.Groups["value"].Length > 0);
                }
            }
        }

        return reference;
    }

    /// <summary>What is wrong with a call such as <c>svc ls --json</c>; null when nothing is.</summary>
    public string? Problem(string call)
    {
        var words = call.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToList();
        while (words.Count > 0 && words[0].StartsWith('-'))
        {
            var name = words[0].Split('=')[0];
            if (!_everywhere.TryGetValue(name, out var takesValue))
            {
                return $"no command takes {name} before its name";
            }

            words.RemoveRange(0, takesValue && !words[0].Contains('=') ? Math.Min(2, words.Count) : 1);
        }

        if (words.Count == 0)
        {
            return null;
        }

        var length = Enumerable.Range(1, words.Count).LastOrDefault(count => _optionsByCommand.ContainsKey(string.Join(' ', words.Take(count))));
        var command = string.Join(' ', words.Take(length));
        if (length == 0 || (_groups.Contains(command) && words.Count > length && !words[length].StartsWith('-')))
        {
            return $"there is no command '{string.Join(' ', words.Take(length + 1))}'";
        }

        // What follows belongs to another program.
        if (command == "aws")
        {
            return null;
        }

        return words.Skip(length).TakeWhile(word => word != "--")
            .Where(word => word.StartsWith('-') && word.Length > 1)
            .SelectMany(Options)
            .Where(option => !_optionsByCommand[command].Contains(option) && !_everywhere.ContainsKey(option))
            .Select(option => $"'{command}' has no option {option}")
            .FirstOrDefault();
    }

    private void AddOption(string? command, string name, bool takesValue)
    {
        if (command is null)
        {
            _everywhere[name] = takesValue;
        }
        else
        {
            _optionsByCommand[command].Add(name);
        }
    }

    /// <summary><c>-it</c> is <c>-i -t</c>.</summary>
    private static IEnumerable<string> Options(string word) =>
        word.StartsWith("--", StringComparison.Ordinal) ? [word.Split('=')[0]] : word[1..].Select(letter => $"-{letter}");

    [GeneratedRegex(@"`(?<name>--?[A-Za-z0-9?-]+)(?<value> [^`]+)?`")]
    private static partial Regex OptionName();
}
