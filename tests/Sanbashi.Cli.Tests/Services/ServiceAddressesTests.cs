using Sanbashi.Cli.Services;

namespace Sanbashi.Cli.Tests.Services;

public sealed class ServiceAddressesTests
{
    [Theory]
    [InlineData("hello.sanbashi.localhost:8080", "http://hello.sanbashi.localhost:8080", "curl -H 'Host: hello.sanbashi.localhost' http://localhost:8080/")]
    [InlineData("hello.apps.example.org", "http://hello.apps.example.org", "curl -H 'Host: hello.apps.example.org' http://localhost/")]
    public void Of_ServiceUrl_HasAFormThatWorksEverywhere(string address, string url, string everywhere) =>
        ServiceAddresses.Of(address, "localhost").ShouldBe(new ServiceAddresses(url, everywhere));
}
