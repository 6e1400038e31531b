namespace Sanbashi.Domain.Identity.Policies;

/// <summary><c>${aws:username}</c>, or with a default <c>${aws:PrincipalTag/team, 'none'}</c>.</summary>
internal sealed record PolicyVariable(string Key, string? Default)
{
    /// <summary>Null: the request does not have exactly one value for it.</summary>
    public string? Resolve(PolicyRequest request) => request.Find(Key) is { } values ? (values.Count == 1 ? values[0] : null) : Default;
}
