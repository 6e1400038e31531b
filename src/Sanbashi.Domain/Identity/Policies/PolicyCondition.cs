namespace Sanbashi.Domain.Identity.Policies;

/// <summary>One operator on one key. The conditions of a statement must all hold; of a condition's values one is enough (none, where it is negated).</summary>
public sealed record PolicyCondition(ConditionTest Test, string Key, IReadOnlyList<ConditionValue> Values)
{
    internal bool Holds(PolicyRequest request, ref bool unresolved)
    {
        var actual = request.Find(Key);
        if (Test.Operator == ConditionOperator.Null)
        {
            return Values.Any(value => value.Text.Text.Equals("true", StringComparison.OrdinalIgnoreCase) == (actual is null));
        }

        if (actual is null)
        {
            return Test.Set switch
            {
                ConditionSet.ForAllValues => true,
                ConditionSet.ForAnyValue => Test.IsIfExists,
                _ => Test.IsIfExists || Test.IsNegated,
            };
        }

        var (isMissing, fitting) = (false, 0);
        for (var i = 0; i < actual.Count; i++)
        {
            fitting += Matches(actual[i], request, ref isMissing) ? 1 : 0;
        }

        unresolved |= isMissing && Test.IsNegated;
        var wanted = Test.IsNegated ? actual.Count - fitting : fitting;
        return Test.Set switch
        {
            ConditionSet.ForAllValues => wanted == actual.Count,
            ConditionSet.ForAnyValue => wanted > 0,
            _ => Test.IsNegated ? fitting == 0 : fitting > 0,
        };
    }

    private bool Matches(string actual, PolicyRequest request, ref bool isMissing)
    {
        for (var i = 0; i < Values.Count; i++)
        {
            if (Values[i].Matches(actual, request) is not { } matches)
            {
                isMissing = true;
            }
            else if (matches)
            {
                return true;
            }
        }

        return false;
    }
}
