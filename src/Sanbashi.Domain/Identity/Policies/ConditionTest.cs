using System.Collections.Frozen;

namespace Sanbashi.Domain.Identity.Policies;

/// <summary>A condition's operator as written: <c>ForAnyValue:StringNotLikeIfExists</c> taken apart.</summary>
public sealed record ConditionTest(string Name, ConditionOperator Operator, bool IsNegated, bool IsIfExists, ConditionSet Set)
{
    private const string IfExists = "IfExists";

    private static readonly FrozenDictionary<string, (ConditionOperator Operator, bool IsNegated)> _operators =
        new Dictionary<string, (ConditionOperator, bool)>(StringComparer.OrdinalIgnoreCase)
        {
            ["StringEquals"] = (ConditionOperator.StringEquals, false),
            ["StringNotEquals"] = (ConditionOperator.StringEquals, true),
            ["StringEqualsIgnoreCase"] = (ConditionOperator.StringEqualsIgnoreCase, false),
            ["StringNotEqualsIgnoreCase"] = (ConditionOperator.StringEqualsIgnoreCase, true),
            ["StringLike"] = (ConditionOperator.StringLike, false),
            ["StringNotLike"] = (ConditionOperator.StringLike, true),
            ["NumericEquals"] = (ConditionOperator.NumericEquals, false),
            ["NumericNotEquals"] = (ConditionOperator.NumericEquals, true),
            ["NumericLessThan"] = (ConditionOperator.NumericLessThan, false),
            ["NumericLessThanEquals"] = (ConditionOperator.NumericLessThanEquals, false),
            ["NumericGreaterThan"] = (ConditionOperator.NumericGreaterThan, false),
            ["NumericGreaterThanEquals"] = (ConditionOperator.NumericGreaterThanEquals, false),
            ["DateEquals"] = (ConditionOperator.DateEquals, false),
            ["DateNotEquals"] = (ConditionOperator.DateEquals, true),
            ["DateLessThan"] = (ConditionOperator.DateLessThan, false),
            ["DateLessThanEquals"] = (ConditionOperator.DateLessThanEquals, false),
            ["DateGreaterThan"] = (ConditionOperator.DateGreaterThan, false),
            ["DateGreaterThanEquals"] = (ConditionOperator.DateGreaterThanEquals, false),
            ["Bool"] = (ConditionOperator.Bool, false),
            ["BinaryEquals"] = (ConditionOperator.BinaryEquals, false),
            ["IpAddress"] = (ConditionOperator.IpAddress, false),
            ["NotIpAddress"] = (ConditionOperator.IpAddress, true),

            // For AWS, equal ARNs are alike ones: wildcards count in both.
            ["ArnEquals"] = (ConditionOperator.ArnLike, false),
            ["ArnLike"] = (ConditionOperator.ArnLike, false),
            ["ArnNotEquals"] = (ConditionOperator.ArnLike, true),
            ["ArnNotLike"] = (ConditionOperator.ArnLike, true),
            ["Null"] = (ConditionOperator.Null, false),
        }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Null: there is no such operator.</summary>
    public static ConditionTest? Parse(string name)
    {
        var rest = name;
        var set = ConditionSet.Single;
        foreach (var (prefix, kind) in (ReadOnlySpan<(string, ConditionSet)>)[("ForAllValues:", ConditionSet.ForAllValues), ("ForAnyValue:", ConditionSet.ForAnyValue)])
        {
            if (rest.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                (rest, set) = (rest[prefix.Length..], kind);
            }
        }

        var isIfExists = rest.EndsWith(IfExists, StringComparison.OrdinalIgnoreCase);
        rest = isIfExists ? rest[..^IfExists.Length] : rest;
        return _operators.TryGetValue(rest, out var found) && !(found.Operator == ConditionOperator.Null && (isIfExists || set != ConditionSet.Single))
            ? new ConditionTest(name, found.Operator, found.IsNegated, isIfExists, set)
            : null;
    }
}
