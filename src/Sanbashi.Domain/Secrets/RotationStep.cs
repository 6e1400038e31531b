namespace Sanbashi.Domain.Secrets;

/// <summary>The four steps of a rotation, as AWS has them. Each may be repeated: what it has done already it does not do again.</summary>
public enum RotationStep
{
    /// <summary>The new version gets its value.</summary>
    CreateSecret,

    /// <summary>What the secret is for gets to know the new value.</summary>
    SetSecret,

    /// <summary>The new value is tried.</summary>
    TestSecret,

    /// <summary>The new version becomes the current one.</summary>
    FinishSecret,
}
