using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Access;
using Sanbashi.Gateway.AccessLogs;
using Sanbashi.Gateway.Admission;
using Sanbashi.Gateway.Answers;
using Sanbashi.Gateway.Forwarding;
using Sanbashi.Gateway.Overload;
using Sanbashi.Gateway.Routing;

namespace Sanbashi.Gateway.Exchanges;

/// <summary>
/// The way of a request:
/// <list type="number">
/// <item>refuse what is ambiguous, find the service by host name (and wait for it, while routes are missing);</item>
/// <item>access: whether this client may, and may now;</item>
/// <item>admission: an instance with room, or a place in the queue;</item>
/// <item>forward;</item>
/// <item>where nothing was sent, or nothing can have happened, try again elsewhere;</item>
/// <item>answer in the instance's place if there is no answer;</item>
/// <item>account: metrics and access log.</item>
/// </list>
/// </summary>
internal sealed class ExchangeHandler(
    RoutingState routing,
    IExchangeForwarder forwarder,
    IAccessLog accessLog,
    DeadlineClock clock,
    MemoryGuard memory,
    AccessGuard access,
    HttpsRedirect? redirect,
    TimeSpan routesWait,
    TimeProvider timeProvider,
    ILogger logger)
{
    private int _waitingForRoutes;

    public Task Handle(Exchange exchange)
    {
        // 1. Who
        var context = exchange.Context;
        var request = context.Request;
        exchange.RequestId = RequestIdentity.From(request.Headers["X-Request-Id"]);
        if (RequestGuard.Check(context) is { } refusal)
        {
            return Refuse(exchange, refusal);
        }

        if (memory.ShedsRequests(exchange.Started))
        {
            return Refuse(exchange, GatewayAnswer.Overloaded);
        }

        if (redirect is not null && redirect.AppliesTo(context))
        {
            redirect.Answer(context);
            return Task.CompletedTask;
        }

        var service = routing.Find(request.Headers.Host.ToString(), context.Features.Get<IHttpRequestFeature>()!.RawTarget);
        if (service is null)
        {
            return routing.HasRoutes ? Refuse(exchange, GatewayAnswer.UnknownHost) : HandleOnceRouted(exchange);
        }

        exchange.Service = service;
        return Serve(exchange, service);
    }

    /// <summary>After a restore, or at the first start, routes come within seconds: better late than refused.</summary>
    private async Task HandleOnceRouted(Exchange exchange)
    {
        var context = exchange.Context;
        var (service, answer) = (default(RoutedService), GatewayAnswer.NoRoutes);
        try
        {
            if (Interlocked.Increment(ref _waitingForRoutes) <= GatewayDefaults.MaxWaitingForRoutes)
            {
                (service, answer) = await FindOnceRouted(context).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The client did not wait.
            exchange.StatusOverride = StatusCodes.Status499ClientClosedRequest;
            return;
        }
        finally
        {
            Interlocked.Decrement(ref _waitingForRoutes);
        }

        if (service is null)
        {
            await Refuse(exchange, answer).ConfigureAwait(false);
            return;
        }

        exchange.Service = service;
        await Serve(exchange, service).ConfigureAwait(false);
    }

    private async Task<(RoutedService? Service, GatewayAnswer Answer)> FindOnceRouted(HttpContext context)
    {
        using var limit = new CancellationTokenSource(routesWait, timeProvider);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        while (true)
        {
            // In this order: what arrives after the look-up completes the arrival.
            var arrival = routing.NextArrival;
            var isComplete = routing.HasRoutes;
            if (routing.Find(context.Request.Headers.Host.ToString(), context.Features.Get<IHttpRequestFeature>()!.RawTarget) is { } service)
            {
                return (service, GatewayAnswer.NoRoutes);
            }

            if (isComplete)
            {
                return (null, GatewayAnswer.UnknownHost);
            }

            try
            {
                await arrival.WaitAsync(end.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
            {
                return (null, GatewayAnswer.NoRoutes);
            }
        }
    }

    /// <summary>Answers what never came to a service, and logs it where no service's log can.</summary>
    private async Task Refuse(Exchange exchange, GatewayAnswer answer)
    {
        exchange.Failure = answer.Code;
        try
        {
            await AnswerWriter.Write(exchange, answer).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (exchange.Context.RequestAborted.IsCancellationRequested)
        {
            exchange.StatusOverride = StatusCodes.Status499ClientClosedRequest;
        }

        accessLog.Write(exchange, GatewayDefaults.UnroutedLog, exchange.StatusOverride != 0 ? exchange.StatusOverride : answer.Status);
    }

    private async Task Serve(Exchange exchange, RoutedService service)
    {
        GatewayAnswer? answer = null;
        try
        {
            // 2. Access
            if (service.View.Route.Access is { IsOpen: false } rules)
            {
                answer = await access.Check(exchange, service, rules).ConfigureAwait(false);
            }

            for (var attempt = 0; answer is null; attempt++)
            {
                // 3. Admission
                var view = service.View;
                if (view.HasSleepers && view.IsNoWake(RequestTarget.PathOf(exchange.Context.Features.Get<IHttpRequestFeature>()!.RawTarget)))
                {
                    exchange.AvoidsWaking = true;
                }

                if (exchange.AvoidsWaking && view is { HasSleepers: true, InstanceCount: 0 })
                {
                    answer = HttpMethods.IsGet(exchange.Context.Request.Method) || HttpMethods.IsHead(exchange.Context.Request.Method) ? GatewayAnswer.Asleep : GatewayAnswer.AsleepRefusal;
                    break;
                }

                if (attempt == 0 && view.Route.Availability == RouteAvailability.Asleep)
                {
                    service.Counters.StartCold();
                }

                var admission = await service.Queue.Admit(exchange).ConfigureAwait(false);
                if (admission.Instance is not { } instance)
                {
                    answer = TurnAway(exchange, admission.Outcome);
                    break;
                }

                clock.Run();
                exchange.Instance = instance;
                exchange.StickyCookie = view.StickyCookieName is { } cookie && exchange.StickyInstance is null
                    ? StickyCookie.Header(cookie, instance, exchange.Context.Request.IsHttps)
                    : null;
                exchange.IsGrpc = instance.Protocol == InstanceProtocol.Grpc || IsGrpcType(exchange.Context.Request.ContentType);

                // 4. Forward
                ForwardResult result;
                try
                {
                    result = await forwarder.Forward(exchange, instance, view).ConfigureAwait(false);
                }
                finally
                {
                    service.Release(exchange, instance);
                }

                if (result.Outcome == ForwardOutcome.Completed)
                {
                    answer = exchange.Refusal;
                    break;
                }

                // 5. Again
                if (attempt < MostRetries(result.Outcome) && MayRepeat(exchange, service, instance, result))
                {
                    exchange.Context.Response.Clear();
                    continue;
                }

                answer = Conclude(exchange, result);
                break;
            }

            // 6. Answer
            if (answer is not null)
            {
                if (answer.Status == StatusCodes.Status429TooManyRequests)
                {
                    service.Counters.Refuse();
                }

                exchange.Failure ??= answer.Code;
                await AnswerWriter.Write(exchange, answer).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (exchange.Context.RequestAborted.IsCancellationRequested)
        {
            // The client did not wait for our answer.
            exchange.StatusOverride = StatusCodes.Status499ClientClosedRequest;
        }
        catch (Exception exception)
        {
            logger.ExchangeFailed(exchange.RequestId, service.Id, exception);
            exchange.StatusOverride = StatusCodes.Status500InternalServerError;
            exchange.Failure = "gateway";
            throw;
        }
        finally
        {
            Account(exchange, service);
        }
    }

    private static GatewayAnswer? TurnAway(Exchange exchange, AdmissionOutcome outcome)
    {
        if (outcome == AdmissionOutcome.ClientGone)
        {
            exchange.StatusOverride = StatusCodes.Status499ClientClosedRequest;
            exchange.Failure = "client-gone";
        }

        return GatewayAnswer.For(outcome, exchange.IsStream);
    }

    private static int MostRetries(ForwardOutcome outcome) =>
        outcome is ForwardOutcome.Unreachable or ForwardOutcome.ConnectTimeout ? GatewayDefaults.MaxConnectRetries : GatewayDefaults.MaxRetries;

    /// <summary>Takes an instance that cannot be reached out of use, and says whether the request can go elsewhere.</summary>
    private bool MayRepeat(Exchange exchange, RoutedService service, Instance instance, ForwardResult result)
    {
        switch (result.Outcome)
        {
            case ForwardOutcome.Unreachable:
                if (service.Eject(instance, $"refused a connection at {instance.Address}: {result.Error?.InnerException?.Message ?? result.Error?.Message}"))
                {
                    logger.InstanceEjected(service.Id, instance.Id, instance.Address, result.Error?.Message);
                }

                return true;

            case ForwardOutcome.ConnectTimeout:
                // A machine that is gone does not even refuse; but an overloaded last instance is better than none.
                if (service.View.InstanceCount > 1)
                {
                    service.Eject(instance, $"did not accept a connection at {instance.Address} within {GatewayDefaults.ConnectTimeout.TotalSeconds.ToString(CultureInfo.InvariantCulture)} s");
                }

                return true;

            case ForwardOutcome.Broken:
                return IsRepeatable(exchange.Context);

            default:
                return false;
        }
    }

    private static GatewayAnswer? Conclude(Exchange exchange, ForwardResult result)
    {
        var answer = GatewayAnswer.For(result.Outcome, exchange.EndReason);
        switch (result.Outcome)
        {
            case ForwardOutcome.ClientGone:
                exchange.StatusOverride = StatusCodes.Status499ClientClosedRequest;
                exchange.Failure = "client-gone";
                exchange.ResponseBytes = -1;
                break;
            case ForwardOutcome.CutOff:
                exchange.Failure = exchange.EndReason == EndReason.None ? Describe("cut-off", result.Error) : "cut-off: " + EndReasons.Text(exchange.EndReason);
                exchange.ResponseBytes = -1;
                break;
            case not ForwardOutcome.Ended when answer is not null:
                exchange.Failure = Describe(answer.Code, result.Error);
                break;
        }

        return answer;
    }

    /// <summary>A code that programs can look for, and what the network said.</summary>
    private static string Describe(string code, Exception? error) => error is null ? code : $"{code}: {error.GetBaseException().Message}";

    /// <summary>Idempotent (RFC 9110, 9.2.2) and without a body that has been read away.</summary>
    private static bool IsRepeatable(HttpContext context)
    {
        var method = context.Request.Method;
        return (HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method) || HttpMethods.IsPut(method) || HttpMethods.IsDelete(method) || HttpMethods.IsTrace(method))
            && context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false };
    }

    private static bool IsGrpcType(string? contentType) =>
        contentType is not null && contentType.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase)
        && (contentType.Length == 16 || contentType[16] is '+' or ';' or ' ');

    // 7. Account
    private void Account(Exchange exchange, RoutedService service)
    {
        var status = exchange.StatusOverride != 0 ? exchange.StatusOverride : exchange.Context.Response.StatusCode;
        var latency = timeProvider.GetElapsedTime(exchange.Started, exchange.StreamStarted != 0 ? exchange.StreamStarted : timeProvider.GetTimestamp());
        service.Counters.Finish(status, latency);
        accessLog.Write(exchange, service.Id, status);
    }
}
