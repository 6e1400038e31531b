using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Sanbashi.Domain.Secrets;

namespace Sanbashi.Domain.Tests.Secrets;

public sealed class GeneratedPasswordTests
{
    [Fact]
    public void Make_ByAnyRules_KeepsThem() => Prop.ForAll(
        Gen.Choose(0, 127).ToArbitrary(),
        Gen.Choose(1, 40).ToArbitrary(),
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        (switches, length, seed) =>
        {
            var rules = new PasswordRules
            {
                Length = length,
                ExcludeLowercase = (switches & 1) != 0,
                ExcludeUppercase = (switches & 2) != 0,
                ExcludeNumbers = (switches & 4) != 0,
                ExcludePunctuation = (switches & 8) != 0,
                IncludeSpace = (switches & 16) != 0,
                RequireEachIncludedType = (switches & 32) != 0,
                ExcludeCharacters = (switches & 64) != 0 ? "abcXYZ/@\"'\\ 019" : "",
            };
            if (rules.Problem() is not null)
            {
                return true;
            }

            var password = GeneratedPassword.Make(rules, new System.Random(seed).Next);
            return password.Length == length
                && password.All(c => rules.Classes.Any(characters => characters.Contains(c)))
                && (!rules.RequireEachIncludedType || rules.Classes.All(characters => password.Any(characters.Contains)));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Problem_OfRulesThatNothingMeets_SaysWhy()
    {
        new PasswordRules().Problem().ShouldBeNull();
        new PasswordRules { Length = 3 }.Problem()!.ShouldContain("too short based on the required types");
        new PasswordRules { Length = 3, RequireEachIncludedType = false }.Problem().ShouldBeNull();
        new PasswordRules { ExcludeLowercase = true, ExcludeUppercase = true, ExcludeNumbers = true, ExcludePunctuation = true }.Problem()!.ShouldContain("every character is excluded");
        new PasswordRules { Length = 0 }.Problem()!.ShouldContain("from 1 to 4096");
    }

    [Fact]
    public void IntoTemplate_AnObject_AddsTheKey()
    {
        var document = JsonNode.Parse(GeneratedPassword.IntoTemplate("""{"username":"admin","port":5432}""", "password", "a'<\"b"))!;

        document["username"]!.GetValue<string>().ShouldBe("admin");
        document["port"]!.GetValue<int>().ShouldBe(5432);
        document["password"]!.GetValue<string>().ShouldBe("a'<\"b");
        Should.Throw<FormatException>(() => GeneratedPassword.IntoTemplate("[1]", "password", "x"));
        Should.Throw<FormatException>(() => GeneratedPassword.IntoTemplate("hush", "password", "x")).Message.ShouldNotContain("hush");
    }

    [Theory]
    [InlineData("arn:aws:secretsmanager:eu-west-1:000000000000:secret:db/main-AbC123", "db/main-AbC123", "db/main")]
    [InlineData("arn:aws:secretsmanager:eu-west-1:000000000000:secret:db-main", "db-main", null)]
    public void SecretArn_OfASecret_IsTakenApart(string text, string resource, string? name)
    {
        var arn = SecretArn.TryParse(text)!;
        (arn.Scope.Region, arn.Scope.Account, arn.Resource, arn.NameBeforeSuffix).ShouldBe(("eu-west-1", "000000000000", resource, name));
        SecretArn.TryParse(text.Replace("secretsmanager", "ssm")).ShouldBeNull();
    }
}
