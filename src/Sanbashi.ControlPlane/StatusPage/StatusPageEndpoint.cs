using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Sanbashi.ControlPlane.Instances;
using Sanbashi.ControlPlane.Metrics.Recording;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.StatusPage;

/// <summary><c>GET /</c>: what a person sees who opens the platform's address in a browser.</summary>
internal sealed class StatusPageEndpoint(ServiceDocuments documents, IInstanceDirectory instances, LiveTraffic traffic, ControlPlaneOptions options)
{
    public void Map(IEndpointRouteBuilder endpoints) => endpoints.MapGet("/", Serve);

    private async Task Serve(HttpContext context)
    {
        var html = new StatusPageHtml(options).Render(await Read(context.RequestAborted));
        var headers = context.Response.Headers;
        headers.CacheControl = "no-store";
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(html, context.RequestAborted);
    }

    private async Task<IReadOnlyList<ServiceStatusView>> Read(CancellationToken cancellationToken)
    {
        var views = new List<ServiceStatusView>();
        foreach (var service in (await documents.ListServices(null, cancellationToken)).Select(stored => stored.Record))
        {
            if (service.Status == ServiceStatus.Deleted)
            {
                continue;
            }

            OperationRecord? operation = service.OperationId is { } id ? (await documents.FindOperation(service.Scope, id, cancellationToken))?.Record : null;
            views.Add(new ServiceStatusView(service, operation, instances.Seen(service.Id), traffic.Read(service.Id)));
        }

        return views;
    }
}
