using Sanbashi.Cli.Services.Definition;

namespace Sanbashi.Cli.Tests.Services;

public sealed class KeyValuesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("A=1", "A", "1")]
    [InlineData("A=", "A", "")]
    [InlineData("A=b=c", "A", "b=c")]
    [InlineData("A= x ", "A", " x ")]
    [InlineData("HOME_SET", "HOME_SET", "from here")]
    public void Variable_Text_IsSplitAtTheFirstEquals(string text, string key, string value) =>
        KeyValues.Variable(text, "--env", Environment).ShouldBe(new(key, value));

    [Theory]
    [InlineData("=1")]
    [InlineData("A B=1")]
    public void Variable_NoName_IsRefused(string text) =>
        Should.Throw<FormatException>(() => KeyValues.Variable(text, "--env", Environment)).Message.ShouldContain("KEY=VALUE");

    [Fact]
    public void Variable_BareNameThatIsNotSet_SaysSo() =>
        Should.Throw<FormatException>(() => KeyValues.Variable("NOPE", "--env", Environment)).Message.ShouldContain("no variable of that name in this shell");

    [Fact]
    public void File_Lines_AreTakenAsTheyStand()
    {
        var path = _folder.File("app.env", "# comment\n\nA=1\nB=\"quoted\"\r\nHOME_SET\nC=x # not a comment\n");

        KeyValues.File(path, Environment).ShouldBe([new("A", "1"), new("B", "\"quoted\""), new("HOME_SET", "from here"), new("C", "x # not a comment")]);
    }

    [Fact]
    public void File_BadLine_IsNamed()
    {
        var path = _folder.File("app.env", "A=1\n=2\n");

        Should.Throw<FormatException>(() => KeyValues.File(path, Environment).ToList()).Message.ShouldStartWith($"{path}, line 2:");
    }

    private static string? Environment(string name) => name == "HOME_SET" ? "from here" : null;
}
