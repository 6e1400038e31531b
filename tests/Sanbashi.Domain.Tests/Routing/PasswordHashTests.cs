using Sanbashi.Domain.Routing;

namespace Sanbashi.Domain.Tests.Routing;

public sealed class PasswordHashTests
{
    /// <summary>Computed by Python's hashlib.</summary>
    private const string Foreign = "$pbkdf2-sha256$10000$MDEyMzQ1Njc4OWFiY2RlZg$pi2GBySDN97rf3czJqDf2y6AqTocgWd.LTTpbMs7N0Y";

    [Fact]
    public void Hash_MadeElsewhere_VerifiesItsPasswordOnly()
    {
        PasswordHash.TryParse(Foreign, out var hash, out var problem).ShouldBeTrue(problem);

        hash!.Verifies("pass word:ü").ShouldBeTrue();
        hash.Verifies("pass word:u").ShouldBeFalse();
        hash.Verifies("").ShouldBeFalse();
        hash.ToString().ShouldBe(Foreign);
    }

    [Fact]
    public void Hash_MadeHere_IsReadBackAndNeverTheSameTwice()
    {
        var made = PasswordHash.Make("secret", PasswordHash.LeastIterations).ToString();

        PasswordHash.TryParse(made, out var hash, out _).ShouldBeTrue();
        hash!.Verifies("secret").ShouldBeTrue();
        made.ShouldNotContain("secret");
        PasswordHash.Make("secret", PasswordHash.LeastIterations).ToString().ShouldNotBe(made);
    }

    [Theory]
    [InlineData("secret", "not a hash of the form")]
    [InlineData("", "not a hash of the form")]
    [InlineData("$2y$10$abcdefghijklmnopqrstuv", "not a hash of the form")]
    [InlineData("$pbkdf2-sha256$9999$MDEyMzQ1Njc4OWFiY2RlZg$x", "iterations")]
    [InlineData("$pbkdf2-sha256$2000001$MDEyMzQ1Njc4OWFiY2RlZg$x", "iterations")]
    [InlineData("$pbkdf2-sha256$+20000$MDEyMzQ1Njc4OWFiY2RlZg$x", "iterations")]
    [InlineData("$pbkdf2-sha256$20000$MDEyMzQ1Njc4OWFiY2RlZg$x", "damaged")]
    [InlineData("$pbkdf2-sha256$20000$MDE$MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY", "damaged")]
    [InlineData("$pbkdf2-sha256$20000$!!!!!!!!!!!!$MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY", "damaged")]
    public void Text_ThatIsNoHash_SaysWhy(string text, string problem)
    {
        PasswordHash.TryParse(text, out _, out var found).ShouldBeFalse();
        found!.ShouldContain(problem);
    }
}
