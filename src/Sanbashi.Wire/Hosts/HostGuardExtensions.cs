using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Sanbashi.Wire;

/// <summary>Puts the host check in front of everything that a listener answers.</summary>
public static class HostGuardExtensions
{
    /// <summary>
    /// Refuses foreign host names with 421 before any endpoint runs. Calls through <see cref="WireExtensions.MapAwsWire"/>
    /// are checked without this too; the console and other pages are not.
    /// </summary>
    public static IApplicationBuilder UseHostGuard(this IApplicationBuilder app)
    {
        var guard = app.ApplicationServices.GetRequiredService<HostGuard>();
        return app.Use(async (context, next) =>
        {
            if (guard.IsAllowed(context.Request.Host))
            {
                await next(context);
                return;
            }

            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(HostGuard.Refusal(context.Request.Host) + "\n", context.RequestAborted);
        });
    }
}
