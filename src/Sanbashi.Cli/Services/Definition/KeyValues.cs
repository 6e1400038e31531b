namespace Sanbashi.Cli.Services.Definition;

/// <summary><c>KEY=VALUE</c> arguments and files of them.</summary>
internal static class KeyValues
{
    /// <summary>Reads <c>KEY=VALUE</c>; a bare <c>KEY</c> takes the value of this command's own environment.</summary>
    /// <param name="where">What the message calls the place, for example <c>--env</c> or <c>app.env, line 3</c>.</param>
    /// <exception cref="FormatException">There is no key, or a bare key is not set here.</exception>
    public static KeyValuePair<string, string> Variable(string text, string where, Func<string, string?> environment)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var key = equals < 0 ? text : text[..equals];
        if (key.Length == 0 || key.Any(char.IsWhiteSpace))
        {
            throw new FormatException($"{where}: '{text}' does not name a variable. Write KEY=VALUE.");
        }

        if (equals >= 0)
        {
            return new(key, text[(equals + 1)..]);
        }

        return environment(key) is { } value
            ? new(key, value)
            : throw new FormatException($"{where}: '{key}' has no value, and there is no variable of that name in this shell either. Write {key}=VALUE.");
    }

    /// <summary>Reads <c>KEY=VALUE</c> where both must be given.</summary>
    public static KeyValuePair<string, string> Pair(string text, string option)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals > 0
            ? new(text[..equals], text[(equals + 1)..])
            : throw new FormatException($"{option} {text}: write KEY=VALUE.");
    }

    /// <summary>
    /// Reads a file in Docker's format: one variable a line, blank lines and lines that start with <c>#</c> are skipped, values are taken as they
    /// stand (no quotes, no escapes), a bare key takes the value of this command's environment.
    /// </summary>
    public static IEnumerable<KeyValuePair<string, string>> File(string path, Func<string, string?> environment)
    {
        var number = 0;
        foreach (var line in System.IO.File.ReadLines(path))
        {
            number++;
            if (line.Length > 0 && !line.StartsWith('#') && !string.IsNullOrWhiteSpace(line))
            {
                yield return Variable(line.TrimEnd('\r'), $"{path}, line {number}", environment);
            }
        }
    }
}
