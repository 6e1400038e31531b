using Sanbashi.Cli.Listening;

namespace Sanbashi.Cli.Tests.Listening;

public sealed class ListenAddressTests
{
    [Theory]
    [InlineData("127.0.0.1:4600", "127.0.0.1:4600")]
    [InlineData("[::1]:4600", "[::1]:4600")]
    [InlineData("localhost:80", "127.0.0.1:80")]
    [InlineData("*:80", "[::]:80")]
    [InlineData(":80", "[::]:80")]
    [InlineData("8080", "127.0.0.1:8080")]
    [InlineData("0.0.0.0:0", "0.0.0.0:0")]
    public void Parse_Address_IsRead(string text, string expected) => ListenAddress.Parse(text).ToString().ShouldBe(expected);

    [Theory]
    [InlineData("")]
    [InlineData("host.example:80")]
    [InlineData("127.0.0.1:65536")]
    [InlineData("127.0.0.1:-1")]
    [InlineData("::1:80")]
    [InlineData("127.0.0.1:http")]
    public void Parse_SomethingElse_SaysWhatIsAccepted(string text) =>
        Should.Throw<FormatException>(() => ListenAddress.Parse(text)).Message.ShouldContain("ADDRESS:PORT");

    [Theory]
    [InlineData("127.0.0.1:1", "localhost")]
    [InlineData("*:1", "localhost")]
    [InlineData("10.1.2.3:1", "10.1.2.3")]
    [InlineData("[fd00::1]:1", "[fd00::1]")]
    public void ClientHost_Address_IsWhatAClientHereNames(string text, string host) => ListenAddress.Parse(text).ClientHost.ShouldBe(host);
}
