namespace Sanbashi.Domain.Settings;

/// <summary>What happens to an instance without requests.</summary>
public enum IdleMode
{
    /// <summary>It is frozen: it keeps its memory and gets no processor time until the next request.</summary>
    Freeze,

    /// <summary>It goes on running.</summary>
    Active,
}
