using System.Globalization;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Sanbashi.TestApp;

/// <summary>
/// Everything the application answers; the table in <see cref="Handle"/> is the list. A plain switch instead of routing, because the time until the first
/// answer is part of what is measured.
/// </summary>
internal sealed class AppEndpoints(AppSettings settings, IHostApplicationLifetime lifetime)
{
    private readonly DescriptionEndpoints _descriptions = new(settings);
    private readonly StreamEndpoints _streams = new(settings, lifetime);
    private readonly BodyEndpoints _bodies = new();
    private volatile int _healthStatus = settings.HealthStatus;

    public async Task Handle(HttpContext context)
    {
        if (!settings.IsQuiet)
        {
            Console.WriteLine($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
        }

        var path = context.Request.Path.Value ?? "/";
        await (path switch
        {
            "/" => _descriptions.Describe(context),
            "/env" => _descriptions.ListEnvironment(context),
            "/healthz" => Text(context, _healthStatus, _healthStatus < 400 ? "healthy" : "unhealthy"),
            "/healthz/fail" => SetHealth(context, 500),
            "/healthz/heal" => SetHealth(context, 200),
            "/slow" => Slow(context),
            "/upload" => _bodies.Upload(context),
            "/download" => _bodies.Download(context),
            "/sse" => _streams.SendEvents(context),
            "/ws" => _streams.Echo(context),
            "/trailers" => _streams.SendTrailers(context),
            "/crash" => Crash(context),
            "/allocate" => Allocate(context),
            "/log" => WriteLog(context),
            "/connect" => Connect(context),
            "/fetch" => Fetch(context),
            _ when path.StartsWith("/status/", StringComparison.Ordinal) => Text(context, int.Parse(path.AsSpan(8), CultureInfo.InvariantCulture), "status"),
            _ => Text(context, 404, $"no such path: {path}"),
        });
    }

    private Task SetHealth(HttpContext context, int status)
    {
        _healthStatus = status;
        return Text(context, 200, "set");
    }

    private async Task Slow(HttpContext context)
    {
        await Task.Delay(Number(context, "ms", 1000));
        await Text(context, 200, settings.Version);
    }

    private static Task Crash(HttpContext context)
    {
        var code = Number(context, "code", 1);
        Console.Error.WriteLine($"crashing with exit code {code} as asked");
        Environment.Exit(code);
        return Task.CompletedTask;
    }

    private Task Allocate(HttpContext context)
    {
        Allocations.Take(Number(context, "mb", 1));
        return Text(context, 200, "allocated");
    }

    /// <summary><c>length</c>: one line of that many characters; <c>error</c>: on standard error; <c>text</c>: the line itself.</summary>
    private Task WriteLog(HttpContext context)
    {
        var line = context.Request.Query["text"].FirstOrDefault() ?? new string('x', Number(context, "length", 40_000));
        (context.Request.Query.ContainsKey("error") ? Console.Error : Console.Out).WriteLine(line);
        return Text(context, 200, "logged");
    }

    /// <summary>
    /// Asks <c>name</c> of the resolver, without the runtime, which takes every name below localhost for the loopback address, and gets <c>path</c> from there; answers status and body.
    /// </summary>
    private async Task Fetch(HttpContext context)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        var name = context.Request.Query["name"].First()!;
        try
        {
            var address = await NameQuery.Resolve(name, limit.Token);
            using var client = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{address}{context.Request.Query["path"].First()}");
            request.Headers.Host = name;
            using var answer = await client.SendAsync(request, limit.Token);
            await Text(context, 200, $"{(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(limit.Token)}");
        }
        catch (Exception failure) when (failure is SocketException or HttpRequestException or OperationCanceledException)
        {
            await Text(context, 200, failure.GetType().Name);
        }
    }

    /// <summary>Opens a TCP connection to <c>host</c> and <c>port</c>; answers whether that worked within a second.</summary>
    private async Task Connect(HttpContext context)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(context.Request.Query["host"].First()!, Number(context, "port", 80), limit.Token);
            await Text(context, 200, "connected");
        }
        catch (Exception failure) when (failure is SocketException or OperationCanceledException)
        {
            await Text(context, 200, failure is SocketException refused ? $"{refused.SocketErrorCode}" : "silence");
        }
    }

    private Task Text(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain";
        context.Response.Headers["X-App-Version"] = settings.Version;
        return context.Response.WriteAsync(text);
    }

    internal static int Number(HttpContext context, string name, int fallback) =>
        int.TryParse(context.Request.Query[name].FirstOrDefault(), CultureInfo.InvariantCulture, out var value) ? value : fallback;
}
