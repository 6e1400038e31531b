namespace Sanbashi.Cli.Supervision;

/// <summary>
/// The arguments of the hidden commands, which the platform writes itself: <c>--name value</c>, repeatable, and <c>--flag</c>.
/// They are read without the command-line library, whose memory the long-running processes would pay for.
/// </summary>
internal sealed class RawArguments
{
    private readonly List<(string Name, string? Value)> _pairs = [];

    /// <exception cref="FormatException">An argument is unknown or lacks its value.</exception>
    public RawArguments(IReadOnlyList<string> arguments, IReadOnlyCollection<string> options, IReadOnlyCollection<string> flags)
    {
        for (var index = 0; index < arguments.Count; index++)
        {
            var name = arguments[index];
            if (flags.Contains(name))
            {
                _pairs.Add((name, null));
            }
            else if (!options.Contains(name))
            {
                throw new FormatException($"'{name}' is not an option of this command; it knows {string.Join(", ", options.Concat(flags))}.");
            }
            else if (++index == arguments.Count)
            {
                throw new FormatException($"{name} needs a value.");
            }
            else
            {
                _pairs.Add((name, arguments[index]));
            }
        }
    }

    public bool Has(string flag) => _pairs.Any(pair => pair.Name == flag);

    public IReadOnlyList<string> All(string name) => [.. _pairs.Where(pair => pair.Name == name).Select(pair => pair.Value!)];

    public string? Find(string name) => All(name).LastOrDefault();

    /// <exception cref="FormatException">It is not there.</exception>
    public string Get(string name) => Find(name) ?? throw new FormatException($"{name} is missing.");
}
