namespace Sanbashi.Domain.Secrets;

/// <summary>What a generated password consists of; the defaults are AWS's.</summary>
public sealed record PasswordRules
{
    public const int MaxLength = 4096;

    private const string Lowercase = "abcdefghijklmnopqrstuvwxyz";
    private const string Uppercase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private const string Numbers = "0123456789";
    private const string Punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    public int Length { get; init; } = 32;

    public string ExcludeCharacters { get; init; } = "";

    public bool ExcludeLowercase { get; init; }

    public bool ExcludeUppercase { get; init; }

    public bool ExcludeNumbers { get; init; }

    public bool ExcludePunctuation { get; init; }

    public bool IncludeSpace { get; init; }

    /// <summary>Whether at least one character of each class that is not excluded must be in it. Default: yes.</summary>
    public bool RequireEachIncludedType { get; init; } = true;

    /// <summary>The characters of each class that may be used; a class of which all are excluded is none.</summary>
    public IReadOnlyList<string> Classes =>
    [
        .. new[]
        {
            ExcludeLowercase ? "" : Lowercase,
            ExcludeUppercase ? "" : Uppercase,
            ExcludeNumbers ? "" : Numbers,
            ExcludePunctuation ? "" : Punctuation,
            IncludeSpace ? " " : "",
        }
            .Select(characters => string.Concat(characters.Where(c => !ExcludeCharacters.Contains(c, StringComparison.Ordinal))))
            .Where(characters => characters.Length > 0),
    ];

    /// <summary>Why no password can be made by these rules; null when one can.</summary>
    public string? Problem() => Length is < 1 or > MaxLength
        ? $"The password length must be from 1 to {MaxLength}."
        : Classes.Count == 0
            ? "The password can't be generated: every character is excluded."
            : RequireEachIncludedType && Length < Classes.Count
                ? $"The password length is too short based on the required types: it must be at least {Classes.Count}."
                : null;
}
