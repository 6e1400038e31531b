using System.Text;
using Sanbashi.Cli.Listening;
using Sanbashi.Cli.Supervision;

namespace Sanbashi.Cli.Platform;

/// <summary>Where a running platform is found, for people.</summary>
internal static class PlatformBanner
{
    public static string Text(PlatformStatus status)
    {
        var text = new StringBuilder();
        text.Append($"\nSanbashi {status.Version} is up.\n\n");
        foreach (var api in status.Api)
        {
            text.Append($"  API and console  {api}\n");
        }

        AppendServices(text, "http", status.Http, status.Domain, 80);
        AppendServices(text, "https", status.Https, status.Domain, 443);
        text.Append($"  state            {status.State}\n");
        text.Append($"  credentials      {PlatformPaths.Credentials(status.State)}\n\n");
        text.Append("Next:  sanbashi svc create --name hello --image IMAGE     a service from an image\n");
        text.Append("       sanbashi aws apprunner list-services               your own aws, with endpoint and keys set\n");
        text.Append("       eval \"$(sanbashi env)\"                             the same for every other client\n\n");
        return text.ToString();
    }

    private static void AppendServices(StringBuilder text, string scheme, string? address, string domain, int usualPort)
    {
        if (address is not null)
        {
            var bound = ListenAddress.Parse(address);
            text.Append($"  services         {scheme}://NAME.{domain}{(bound.Port == usualPort ? "" : $":{bound.Port}")}\n");
        }
    }
}
