using FsCheck;
using FsCheck.Fluent;
using Sanbashi.Domain.Identity.Policies;

namespace Sanbashi.Domain.Tests.Identity.Policies;

/// <summary>What holds for all policies and requests.</summary>
public sealed class PolicyPropertyTests
{
    private static readonly PolicyPrincipal _bob = new(PrincipalKind.User, "000000000000", "arn:aws:iam::000000000000:user/bob");

    private static readonly Gen<string> _actions = Gen.Elements("s3:Get", "s3:Put", "s3:*", "iam:*", "*", "s?:G*");
    private static readonly Gen<string> _resources = Gen.Elements("*", "arn:aws:s3:::a/*", "arn:aws:s3:::b/*", "arn:aws:s3:::a/${aws:username}");
    private static readonly Gen<string> _conditions = Gen.Elements(
        "{}", """{"StringEquals":{"aws:ResourceTag/t":"x"}}""", """{"StringNotEquals":{"aws:ResourceTag/t":"x"}}""", """{"Null":{"aws:ResourceTag/t":"true"}}""");

    private static readonly Gen<string> _statements =
        from effect in Gen.Elements("Allow", "Deny")
        from actionElement in Gen.Elements("Action", "NotAction")
        from action in _actions
        from resourceElement in Gen.Elements("Resource", "NotResource")
        from resource in _resources
        from condition in _conditions
        select $$"""{"Effect":"{{effect}}","{{actionElement}}":"{{action}}","{{resourceElement}}":"{{resource}}","Condition":{{condition}}}""";

    private static readonly Gen<PolicyRequest> _requests =
        from action in Gen.Elements("s3:Get", "s3:Put", "iam:PassRole")
        from resource in Gen.Elements("*", "arn:aws:s3:::a/bob", "arn:aws:s3:::b/x")
        from tag in Gen.Elements("", "x", "y")
        select new PolicyRequest(_bob, action, resource, Keys(tag));

    private static readonly Arbitrary<(string[] Statements, PolicyRequest Request)> _cases =
        (from statements in _statements.ArrayOf() from request in _requests select (statements, request)).ToArbitrary();

    [Fact]
    public void Decide_AnyPolicies_DenyWinsAndAllowIsNeeded() => Prop.ForAll(_cases, given =>
    {
        var single = given.Statements.Select(statement => Decide([statement], given.Request).Verdict).ToList();
        var expected = single.Contains(PolicyVerdict.ExplicitDeny) ? PolicyVerdict.ExplicitDeny
            : single.Contains(PolicyVerdict.Allowed) ? PolicyVerdict.Allowed
            : PolicyVerdict.ImplicitDeny;
        Decide(given.Statements, given.Request).Verdict.ShouldBe(expected);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Decide_AnyPolicies_OrderDoesNotMatter() => Prop.ForAll(_cases, given =>
        Decide([.. given.Statements.Reverse()], given.Request).Verdict.ShouldBe(Decide(given.Statements, given.Request).Verdict)).QuickCheckThrowOnFailure();

    [Fact]
    public void Decide_AnyLimit_NeverWidens() => Prop.ForAll(_cases, given =>
    {
        var all = given.Statements.Select(Named).ToList();
        var (own, limit) = (all.Take(all.Count / 2).ToList(), all.Skip(all.Count / 2).ToList());
        var free = PolicyEvaluator.Decide(new PolicySet { Identity = own }, given.Request);
        var limited = PolicyEvaluator.Decide(new PolicySet { Identity = own, Session = limit, Boundary = limit.FirstOrDefault() }, given.Request);
        (limited.IsAllowed && !free.IsAllowed).ShouldBeFalse();
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Decide_Decision_NamesTheStatementThatDecided() => Prop.ForAll(_cases, given =>
    {
        var decision = Decide(given.Statements, given.Request);
        (decision.Statement is null).ShouldBe(decision.Verdict == PolicyVerdict.ImplicitDeny);
        if (decision.Statement is { } statement)
        {
            statement.Effect.ShouldBe(decision.IsAllowed ? PolicyEffect.Allow : PolicyEffect.Deny);
            Decide([given.Statements[int.Parse(decision.Policy!, System.Globalization.CultureInfo.InvariantCulture)]], given.Request).Verdict.ShouldBe(decision.Verdict);
        }
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Parse_AnyText_IsRefusedOrRead() => Prop.ForAll(ArbMap.Default.ArbFor<NonNull<string>>(), text =>
    {
        foreach (var kind in Enum.GetValues<PolicyKind>())
        {
            try
            {
                PolicyParser.Parse(text.Get, kind).Statements.ShouldNotBeEmpty();
            }
            catch (MalformedPolicyException refusal)
            {
                refusal.Message.ShouldNotBeEmpty();
            }
        }
    }).QuickCheckThrowOnFailure();

    private static PolicyDecision Decide(IReadOnlyList<string> statements, PolicyRequest request) =>
        PolicyEvaluator.Decide(new PolicySet { Identity = [.. statements.Select(Named)] }, request);

    private static NamedPolicy Named(string statement, int index) =>
        new(index.ToString(System.Globalization.CultureInfo.InvariantCulture), PolicyParser.Parse($$"""{"Version":"2012-10-17","Statement":{{statement}}}""", PolicyKind.Identity));

    private static Dictionary<string, IReadOnlyList<string>> Keys(string tag)
    {
        var keys = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase) { ["aws:username"] = ["bob"] };
        if (tag.Length > 0)
        {
            keys["aws:ResourceTag/t"] = [tag];
        }

        return keys;
    }
}
