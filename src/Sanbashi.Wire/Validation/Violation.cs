namespace Sanbashi.Wire;

/// <summary>One broken constraint.</summary>
/// <param name="Path">Where, in AWS's spelling: <c>sourceConfiguration.imageRepository.imageIdentifier</c>.</param>
/// <param name="ShownValue">The quoted value, "null", or empty when it must not be shown.</param>
/// <param name="Constraint">"Member must ...".</param>
internal readonly record struct Violation(string Path, string ShownValue, string Constraint)
{
    public override string ToString() => ShownValue.Length == 0
        ? $"Value at '{Path}' failed to satisfy constraint: {Constraint}"
        : $"Value {ShownValue} at '{Path}' failed to satisfy constraint: {Constraint}";
}
