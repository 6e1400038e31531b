using Sanbashi.Domain.Identity;

namespace Sanbashi.Domain.Parameters;

/// <summary>How calls and secret variables name a parameter: by name or ARN, and behind it at a colon a version's number or label.</summary>
/// <param name="Text">As it was given.</param>
/// <param name="Name">The name or the ARN alone.</param>
/// <param name="Selector">What follows the colon; null for the newest version.</param>
public sealed record ParameterReference(string Text, string Name, string? Selector)
{
    /// <summary>An ARN has five colons of its own.</summary>
    private const int ArnParts = 6;

    /// <summary>The parameter's ARN, without the selector; a bare name is one of this scope.</summary>
    public string Arn(ResourceScope scope) => ParameterArn.IsArn(Name) ? Name : ParameterArn.Of(scope, Name);

    /// <summary>The same whether or not there is such a parameter.</summary>
    public static ParameterReference Parse(string text)
    {
        var colon = ParameterArn.IsArn(text)
            ? text.Split(':').Length > ArnParts ? text.LastIndexOf(':') : -1
            : text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? new ParameterReference(text, text, null) : new ParameterReference(text, text[..colon], text[(colon + 1)..]);
    }

    /// <summary>Null for what cannot name a parameter.</summary>
    public static ParameterReference? TryParse(string text)
    {
        var reference = Parse(text);
        return reference.Selector is not "" && (ParameterArn.IsArn(reference.Name) ? ParameterArn.TryParse(reference.Name) is not null : ParameterName.Problem(reference.Name) is null)
            ? reference
            : null;
    }
}
