using System.Globalization;
using System.Net;
using System.Text;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Extensions;
using Sanbashi.ControlPlane.Metrics.Recording;
using Sanbashi.ControlPlane.Services.Api;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Settings;

namespace Sanbashi.ControlPlane.StatusPage;

/// <summary>The status page: one document without scripts or anything to load.</summary>
internal sealed class StatusPageHtml(ControlPlaneOptions options)
{
    private readonly StringBuilder _html = new();

    public string Render(IReadOnlyList<ServiceStatusView> services)
    {
        _html.Append("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Sanbashi</title>")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta http-equiv=\"refresh\" content=\"5\"><style>")
            .Append(StatusPageStyle.Css)
            .Append("</style></head>\n<body><header><h1>Sanbashi</h1><p>").Append(Text(Headline(services))).Append("</p></header>\n<main>");
        if (services.Count > 0)
        {
            Services(services);
        }

        Next(services);
        _html.Append("</main>\n<footer>Version ").Append(Text(options.Version))
            .Append(" &middot; account ").Append(Text(options.Account))
            .Append(" &middot; default region ").Append(Text(options.DefaultRegion))
            .Append(" &middot; <a href=\"/metrics\">metrics</a></footer></body></html>\n");
        return _html.ToString();
    }

    private static string Headline(IReadOnlyList<ServiceStatusView> services) => services.Count switch
    {
        0 => "The platform is up, and has no services yet.",
        1 => $"1 service, {Running(services)} running",
        _ => $"{services.Count} services, {Running(services)} running",
    };

    private static int Running(IReadOnlyList<ServiceStatusView> services) => services.Count(view => view.Service.Status == ServiceStatus.Running);

    private void Services(IReadOnlyList<ServiceStatusView> services)
    {
        foreach (var region in services.GroupBy(view => view.Service.Scope.Region).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            _html.Append("<section><h2>").Append(Text(region.Key)).Append("</h2>\n<div class=\"scroll\"><table><thead><tr><th>Service<th>State<th>Address<th>Image<th>Requests<th>Instances</tr></thead>\n<tbody>");
            foreach (var view in region)
            {
                Row(view);
            }

            _html.Append("</tbody></table></div></section>\n");
        }
    }

    private void Row(ServiceStatusView view)
    {
        var service = view.Service;
        var url = ServiceAddress.HttpUrl(service, options);
        _html.Append("<tr><td><strong>").Append(Text(service.Name)).Append("</strong><td>");
        State(view);
        _html.Append("<td><a href=\"").Append(Text(url)).Append("\">").Append(Text(url)).Append("</a><br><code>")
            .Append(Text($"curl -H 'Host: {ServiceAddress.Host(service, options)}' {PlatformAddress.HttpUrl(options)}/"))
            .Append("</code><td><code>").Append(Text(service.Definition.Image.Identifier)).Append("</code><td class=\"number\">").Append(Text(Traffic(view.Traffic))).Append("<td>").Append(Text(Instances(view))).Append("</tr>\n");
    }

    private void State(ServiceStatusView view)
    {
        var status = ApiOutput.UpperSnake(view.Service.Status);
        _html.Append("<span class=\"state ").Append(status.ToLowerInvariant().Replace('_', '-')).Append("\">").Append(status).Append("</span>");
        if (view.Operation is { } operation)
        {
            var since = operation.StartedAt.ToString("HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
            _html.Append("<br><small>").Append(Text($"{ApiOutput.UpperSnake(operation.Type)} since {since}")).Append("</small>");
        }

        if (view.Service.CanaryRevision is { } canary)
        {
            _html.Append("<br><small>").Append(Text($"canary: revision {canary} takes {SettingsResolver.Of(view.Service).Effective.NewPercent}%")).Append("</small>");
        }
    }

    /// <summary>Of the last seconds.</summary>
    private static string Traffic(LiveView traffic)
    {
        var rate = string.Create(CultureInfo.InvariantCulture, $"{traffic.Rate(traffic.Recent.Requests):0.#}/s");
        return traffic.Recent.Latency.Quantile(0.95) is { } slow ? string.Create(CultureInfo.InvariantCulture, $"{rate}, 95% within {slow * 1000:0} ms") : rate;
    }

    private static string Instances(ServiceStatusView view)
    {
        var healthy = view.Instances.Count(instance => instance.IsHealthy && instance.DrainingSince is null);
        var others = view.Instances.Where(instance => !instance.IsHealthy || instance.DrainingSince is not null)
            .CountBy(instance => instance is { Phase: InstancePhase.Running } ? (instance.DrainingSince is null ? "unproven" : "draining") : instance.Phase.ToString().ToLowerInvariant())
            .OrderBy(count => count.Key, StringComparer.Ordinal)
            .Select(count => $", {count.Value} {count.Key}");
        return $"{healthy} healthy{string.Concat(others)}";
    }

    private void Next(IReadOnlyList<ServiceStatusView> services)
    {
        _html.Append("<section><h2>What to type next</h2>\n<dl>");
        if (services.Count == 0)
        {
            Hint("sanbashi svc create --name site --image nginx:1 --port 80", "run an image");
            Hint("sanbashi svc create --name site --build .", "build the folder you are in, and run it");
        }
        else
        {
            var name = services[0].Service.Name;
            Hint($"sanbashi svc show {name}", "everything about one service");
            Hint($"sanbashi svc logs {name} --follow", "what it writes, as it happens");
            Hint($"sanbashi svc redeploy {name}", "deploy what its image's tag means now");
            Hint($"sanbashi svc exec -it {name} -- sh", "a shell inside");
        }

        Hint("sanbashi aws apprunner list-services", "the same through your own aws command");
        Hint("eval \"$(sanbashi env)\"", "point any AWS client of this shell here");
        _html.Append("</dl></section>");
    }

    private void Hint(string command, string meaning) =>
        _html.Append("<dt><code>").Append(Text(command)).Append("</code><dd>").Append(Text(meaning)).Append('\n');

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
