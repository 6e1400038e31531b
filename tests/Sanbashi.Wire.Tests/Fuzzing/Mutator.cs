using System.Text;

namespace Sanbashi.Wire.Tests.Fuzzing;

/// <summary>Makes random changes that parsers tend to trip over; the same seed makes the same changes.</summary>
internal sealed class Mutator(int seed)
{
    private static readonly string[] Tokens =
    [
        "\"", "\\", "{", "}", "[", "]", ":", ",", "null", "true", "-", "1e999", "9223372036854775808", "0.1", "\\ud800", "\\u0000", "\0", "\n", "\r\n", " ",
        "\t", "%", "%zz", "%00", "%2f", "%2F", "%25", "%C3", "%c3%a9", "+", "&", "=", ";", "/", "//", "/../", "/./", ".", ".1.", ".member.", ".entry.1.key",
        "é", "\ud83d\ude80", "AWS4-HMAC-SHA256", "Credential=", "SignedHeaders=host", "Signature=", "X-Amz-Date=", "X-Amz-Signature=a", "aws4_request", "host;",
        "2147483648", "-1", "<", "]]>", "#", "?", "a", "A", "\"Tags\":", "\"a\":{\"a\":", "[[[[[[[[", "{\"a\":{\"a\":{\"a\":{\"a\":",
    ];

    private readonly Random _random = new(seed);

    public int Next(int limit) => _random.Next(limit);

    public T Pick<T>(IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    /// <summary>Whether one time in <paramref name="times"/> comes up.</summary>
    public bool OneIn(int times) => _random.Next(times) == 0;

    public string Change(string text)
    {
        var changed = new StringBuilder(text);
        for (var rounds = 1 + Next(3); rounds > 0; rounds--)
        {
            var at = Next(changed.Length + 1);
            var length = Math.Min(Next(8), changed.Length - at);
            switch (Next(6))
            {
                case 0:
                    changed.Remove(at, length);
                    break;
                case 1:
                    changed.Insert(at, Pick(Tokens));
                    break;
                case 2 when at < changed.Length:
                    changed[at] = (char)Next(128);
                    break;
                case 3 when length > 0:
                    changed.Insert(at, changed.ToString(at, length));
                    break;
                case 4 when at < changed.Length:
                    changed[at] = char.IsLower(changed[at]) ? char.ToUpperInvariant(changed[at]) : char.ToLowerInvariant(changed[at]);
                    break;
                default:
                    changed.Remove(at, length).Insert(at, Pick(Tokens));
                    break;
            }
        }

        return changed.ToString();
    }

    public byte[] Change(byte[] bytes)
    {
        if (OneIn(4) && bytes.Length > 0)
        {
            var changed = (byte[])bytes.Clone();
            changed[Next(changed.Length)] = (byte)Next(256);
            return changed;
        }

        return Encoding.UTF8.GetBytes(Change(Encoding.UTF8.GetString(bytes)));
    }
}
