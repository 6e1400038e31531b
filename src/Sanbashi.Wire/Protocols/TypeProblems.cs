namespace Sanbashi.Wire;

/// <summary>Collects what could not be read in an input, so that all of it is reported at once.</summary>
internal sealed class TypeProblems
{
    /// <summary>How many are named in the message.</summary>
    private const int MaxNamed = 5;

    private readonly List<string> _problems = [];
    private int _count;

    public void Add(string path, string problem)
    {
        _count++;
        if (_problems.Count < MaxNamed)
        {
            _problems.Add($"'{Excerpt.Of(path, 100)}' {problem}");
        }
    }

    public void ThrowIfAny()
    {
        if (_count > 0)
        {
            var more = _count > _problems.Count ? $"; and {_count - _problems.Count} more" : "";
            throw new ApiException(CommonErrors.Serialization, $"The input can't be read: {string.Join("; ", _problems)}{more}.");
        }
    }
}
