using System.Text;

namespace Sanbashi.Domain.Identity.Policies;

/// <summary>A text of a policy with its wildcards and variables, read once.</summary>
public sealed class PolicyText
{
    private readonly string[] _literals;
    private readonly PolicyVariable[] _variables;

    private PolicyText(string text, string[] literals, PolicyVariable[] variables)
    {
        Text = text;
        _literals = literals;
        _variables = variables;
    }

    /// <summary>As it stands in the policy.</summary>
    public string Text { get; }

    public bool HasVariables => _variables.Length > 0;

    public override string ToString() => Text;

    /// <param name="withWildcards">Whether <c>*</c> and <c>?</c> mean anything here.</param>
    /// <param name="withVariables">Whether <c>${...}</c> means anything here.</param>
    public static PolicyText Of(string text, bool withWildcards, bool withVariables)
    {
        var literals = new List<string>();
        var variables = new List<PolicyVariable>();
        var literal = new StringBuilder();
        for (var index = 0; index < text.Length; index++)
        {
            var end = withVariables && text.AsSpan(index).StartsWith("${") ? text.IndexOf('}', index) : -1;
            if (end < 0)
            {
                literal.Append(text[index] switch
                {
                    '*' when withWildcards => Glob.Many,
                    '?' when withWildcards => Glob.One,
                    var character => character,
                });
                continue;
            }

            var inner = text[(index + 2)..end];
            if (inner is "*" or "?" or "$")
            {
                literal.Append(inner);
            }
            else
            {
                literals.Add(literal.ToString());
                literal.Clear();
                variables.Add(Variable(inner));
            }

            index = end;
        }

        literals.Add(literal.ToString());
        return new PolicyText(text, [.. literals], [.. variables]);
    }

    /// <summary>The text for this request, for <see cref="Glob"/>; null when a variable has no value.</summary>
    internal string? Resolve(PolicyRequest request)
    {
        if (_variables.Length == 0)
        {
            return _literals[0];
        }

        var text = new StringBuilder(_literals[0]);
        for (var index = 0; index < _variables.Length; index++)
        {
            if (_variables[index].Resolve(request) is not { } value)
            {
                return null;
            }

            text.Append(value.Replace(Glob.Many, ' ').Replace(Glob.One, ' ')).Append(_literals[index + 1]);
        }

        return text.ToString();
    }

    /// <summary>For texts that have no variables.</summary>
    internal bool MatchesPlainly(string value, bool ignoreCase) => Glob.Matches(_literals[0], value, ignoreCase);

    private static PolicyVariable Variable(string inner)
    {
        var comma = inner.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0)
        {
            return new PolicyVariable(inner.Trim(), null);
        }

        var value = inner[(comma + 1)..].Trim();
        return new PolicyVariable(inner[..comma].Trim(), value is ['\'', .., '\''] ? value[1..^1] : value);
    }
}
