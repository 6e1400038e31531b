namespace Sanbashi.Domain.Settings;

/// <summary>How an application gets the values of its secret variables.</summary>
public enum SecretsAs
{
    /// <summary>As variables, which whoever may use the engine can see.</summary>
    Variables,

    /// <summary>As files in memory, and variables that say where they are.</summary>
    Files,
}
