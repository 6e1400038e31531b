namespace Sanbashi.Domain.Identity;

/// <summary>The name space a resource lives in. Every key, ARN and query carries both.</summary>
/// <param name="Account">12 digits.</param>
/// <param name="Region">The region of the request's signature, any valid name.</param>
public sealed record ResourceScope(string Account, string Region)
{
    public override string ToString() => $"{Account}/{Region}";
}
