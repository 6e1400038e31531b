namespace Sanbashi.Domain.Identity.Policies;

/// <summary>What policies are asked about.</summary>
/// <param name="Action">For example <c>apprunner:CreateService</c>.</param>
/// <param name="Resource">The ARN of what the call is about; <c>*</c> where it is about nothing in particular.</param>
/// <param name="Keys">The values of condition keys by name. Keys are found in any case; build it with <see cref="NoKeys"/>'s comparer.</param>
public sealed record PolicyRequest(PolicyPrincipal Principal, string Action, string Resource, IReadOnlyDictionary<string, IReadOnlyList<string>> Keys)
{
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> NoKeys { get; } =
        new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The values of a key; null when the request has none.</summary>
    public IReadOnlyList<string>? Find(string key) => Keys.TryGetValue(key, out var values) && values.Count > 0 ? values : null;
}
