using System.Text;

namespace Sanbashi.Domain.Workloads;

/// <summary>Splits a command line into words by the quoting rules of the POSIX shell (2.2), without expansions.</summary>
public static class ShellWords
{
    /// <exception cref="FormatException">A quote is not closed, or the line ends in a backslash.</exception>
    public static IReadOnlyList<string> Split(string line)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        var inWord = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            switch (c)
            {
                case ' ' or '\t' or '\r' or '\n':
                    if (inWord)
                    {
                        words.Add(word.ToString());
                        word.Clear();
                        inWord = false;
                    }

                    break;
                case '\'':
                    inWord = true;
                    var end = line.IndexOf('\'', i + 1);
                    if (end < 0)
                    {
                        throw new FormatException($"the single quote at character {i + 1} is not closed");
                    }

                    word.Append(line, i + 1, end - i - 1);
                    i = end;
                    break;
                case '"':
                    inWord = true;
                    i = AppendDoubleQuoted(line, i, word);
                    break;
                case '\\':
                    if (i + 1 == line.Length)
                    {
                        throw new FormatException("the line ends in a backslash");
                    }

                    inWord = true;
                    word.Append(line[++i]);
                    break;
                default:
                    inWord = true;
                    word.Append(c);
                    break;
            }
        }

        if (inWord)
        {
            words.Add(word.ToString());
        }

        return words;
    }

    /// <summary>Appends what stands between the quote at <paramref name="start"/> and its partner; answers the partner's index.</summary>
    private static int AppendDoubleQuoted(string line, int start, StringBuilder word)
    {
        for (var i = start + 1; i < line.Length; i++)
        {
            switch (line[i])
            {
                case '"':
                    return i;

                // Inside double quotes a backslash escapes nothing but these.
                case '\\' when i + 1 < line.Length && line[i + 1] is ('"' or '\\' or '$' or '`'):
                    word.Append(line[++i]);
                    break;
                default:
                    word.Append(line[i]);
                    break;
            }
        }

        throw new FormatException($"the double quote at character {start + 1} is not closed");
    }
}
