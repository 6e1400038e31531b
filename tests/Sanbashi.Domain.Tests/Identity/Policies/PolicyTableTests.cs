namespace Sanbashi.Domain.Tests.Identity.Policies;

public sealed class PolicyTableTests
{
    [Fact]
    public void Table_EveryLine_IsAnsweredAsItSays() =>
        PolicyTable.Cases().Select(line => (line.Line, Answer: line.Check())).Where(line => line.Answer is not null).Select(line => $"{line.Line}\n    was: {line.Answer}").ShouldBeEmpty();

    [Fact]
    public void Table_Length_IsAtLeastThreeHundred() => PolicyTable.Cases().Count().ShouldBeGreaterThanOrEqualTo(300);
}
