using Sanbashi.Domain.Identity;

namespace Sanbashi.Storage;

/// <param name="Kind">What it is: <c>service</c>, <c>revision</c>, <c>operation</c>, <c>autoscaling</c>, ...</param>
/// <param name="Id">Unique within kind and scope.</param>
public sealed record DocumentKey(string Kind, ResourceScope Scope, string Id)
{
    public override string ToString() => $"{Kind} {Scope}/{Id}";
}
