namespace Sanbashi.Domain.Identity.Policies;

/// <summary>A policy that was read once and can be asked any number of times.</summary>
public sealed record PolicyDocument(string Version, IReadOnlyList<PolicyStatement> Statements)
{
    /// <summary>Variables such as <c>${aws:username}</c> mean something from this version on.</summary>
    public const string CurrentVersion = "2012-10-17";

    public const string OldVersion = "2008-10-17";
}
