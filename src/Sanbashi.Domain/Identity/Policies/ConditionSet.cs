namespace Sanbashi.Domain.Identity.Policies;

/// <summary>How a condition takes a key with several values.</summary>
public enum ConditionSet
{
    /// <summary>No prefix.</summary>
    Single,

    /// <summary><c>ForAllValues:</c>; true when there is no value.</summary>
    ForAllValues,

    /// <summary><c>ForAnyValue:</c>; false when there is no value.</summary>
    ForAnyValue,
}
