using FsCheck;
using FsCheck.Fluent;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Parameters;

namespace Sanbashi.Domain.Tests.Parameters;

public sealed class ParameterNameTests
{
    private static readonly ResourceScope _scope = new("000000000000", "local-1");

    [Theory]
    [InlineData("db")]
    [InlineData("a.b-c_D9")]
    [InlineData("/shop/db/password")]
    [InlineData("/one")]
    [InlineData("awslike", "reserved")]
    public void Problem_OfANameThatMayBe_IsNone(string name, string kind = "free")
    {
        ParameterName.Problem(name).ShouldBeNull();
        ParameterName.IsReserved(name).ShouldBe(kind == "reserved");
    }

    [Theory]
    [InlineData("", "can't be prefixed")]
    [InlineData("a b", "can't be prefixed")]
    [InlineData("a:1", "can't be prefixed")]
    [InlineData("//a", "can't be prefixed")]
    [InlineData("/a//b", "can't be prefixed")]
    [InlineData("ssm-x", "can't be prefixed with \"ssm\"")]
    [InlineData("/SSM/x", "\"aws\" or \"ssm\"")]
    [InlineData("/aws/x", "\"aws\" or \"ssm\"")]
    [InlineData("a/b", "fully qualified")]
    [InlineData("/a/", "end with slash")]
    public void Problem_OfANameThatCannotBe_SaysWhy(string name, string problem)
    {
        ParameterName.Problem(name).ShouldNotBeNull().ShouldContain(problem);
    }

    [Fact]
    public void Problem_OfALongName_IsItsLength()
    {
        ParameterName.Problem(new string('a', ParameterName.MaxLength)).ShouldBeNull();
        ParameterName.Problem(new string('a', ParameterName.MaxLength + 1)).ShouldNotBeNull().ShouldContain("1011");
    }

    [Theory]
    [InlineData("/a/b", "/a", false, true)]
    [InlineData("/a/b", "/a/", false, true)]
    [InlineData("/a/b/c", "/a", false, false)]
    [InlineData("/a/b/c", "/a", true, true)]
    [InlineData("/ab/c", "/a", true, false)]
    [InlineData("/a", "/a", true, false)]
    [InlineData("word", "/", false, true)]
    [InlineData("/a/b", "/", false, false)]
    [InlineData("/a/b", "/", true, true)]
    public void IsBelow_APath_GoesByWholeWords(string name, string path, bool isRecursive, bool isBelow)
    {
        ParameterName.IsBelow(name, path, isRecursive).ShouldBe(isBelow);
    }

    [Theory]
    [InlineData("/shop/db", "/shop/db")]
    [InlineData("word", "word", "/word")]
    [InlineData("/word", "word", "/word")]
    public void Arn_OfAName_MeansIt(string name, params string[] meant)
    {
        var arn = ParameterArn.TryParse(ParameterArn.Of(_scope, name)).ShouldNotBeNull();
        arn.Scope.ShouldBe(_scope);
        arn.Names.ShouldBe(meant);
    }

    [Theory]
    [InlineData("word", "word", null)]
    [InlineData("/a/b:3", "/a/b", "3")]
    [InlineData("/a/b:live", "/a/b", "live")]
    [InlineData("arn:aws:ssm:local-1:000000000000:parameter/a/b", "arn:aws:ssm:local-1:000000000000:parameter/a/b", null)]
    [InlineData("arn:aws:ssm:local-1:000000000000:parameter/a/b:live", "arn:aws:ssm:local-1:000000000000:parameter/a/b", "live")]
    public void Reference_ToAParameter_IsTakenApart(string text, string name, string? selector)
    {
        ParameterReference.TryParse(text).ShouldBe(new ParameterReference(text, name, selector));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("word:")]
    [InlineData("arn:aws:secretsmanager:local-1:000000000000:secret:db")]
    [InlineData("arn:aws:ssm:local-1:000000000000:document/a")]
    public void Reference_ToNoParameter_IsNone(string text)
    {
        ParameterReference.TryParse(text).ShouldBeNull();
    }

    /// <summary>Cursors have a bound; names are longer.</summary>
    [Fact]
    public void SortKey_OfAnyName_IsBoundedAndItsOwn()
    {
        var names = Gen.Choose(1, ParameterName.MaxLength).Select(length => new string('a', length)).Two();
        Prop.ForAll(names.ToArbitrary(), pair =>
            ParameterName.SortKey(pair.Item1).Length <= 600 && (pair.Item1 == pair.Item2) == (ParameterName.SortKey(pair.Item1) == ParameterName.SortKey(pair.Item2))).QuickCheckThrowOnFailure();
    }
}
