using Sanbashi.Cli.Listening;
using Sanbashi.Cli.Supervision;

namespace Sanbashi.Cli.Tests.Supervision;

public sealed class SupervisorOptionsTests
{
    [Fact]
    public void Parse_ItsOwnArguments_IsTheSame()
    {
        var options = new SupervisorOptions
        {
            StateDirectory = "/s",
            Api = [ListenAddress.Parse("127.0.0.1:1"), ListenAddress.Parse("[::1]:1")],
            Http = ListenAddress.Parse("*:80"),
            Https = null,
            CleartextHttp2 = ListenAddress.Parse("9000"),
            Domain = "apps.example.org",
            Region = "eu-1",
            Account = "123456789012",
            Engine = "unix:///x.sock",
            AllowedHostPaths = ["/srv", "/data with blanks"],
            AddressPool = "10.9.0.0/16",
            TrustedProxies = ["10.0.0.0/8", "fd00::/8"],
            RedirectsToHttps = true,
            Json = true,
        };

        var read = SupervisorOptions.Parse(options.ToArguments());

        read.ToArguments().ShouldBe(options.ToArguments());
        read.Https.ShouldBeNull();
        read.AllowedHostPaths.ShouldBe(options.AllowedHostPaths);
        read.TrustedProxies.ShouldBe(options.TrustedProxies);
        read.RedirectsToHttps.ShouldBeTrue();
    }

    [Fact]
    public void Parse_UnknownOption_IsRefused() =>
        Should.Throw<FormatException>(() => SupervisorOptions.Parse(["--stat", "/s"])).Message.ShouldContain("'--stat' is not an option");

    [Fact]
    public void Parse_MissingValue_IsRefused() =>
        Should.Throw<FormatException>(() => SupervisorOptions.Parse(["--state"])).Message.ShouldBe("--state needs a value.");
}
