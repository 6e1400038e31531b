using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Sanbashi.Wire;

/// <summary>
/// Takes one call through its steps: 1. host, 2. body, 3. target, 4. signature, 5. input, 6. constraints,
/// 7. permission, 8. handler, 9. answer. A step that fails ends in the error form of the protocol found so far.
/// </summary>
internal sealed class WireEndpoint
{
    private readonly IReadOnlyList<(IWireProtocol Protocol, IReadOnlyList<ApiService> Services)> _protocols;
    private readonly SigV4Verifier _verifier;
    private readonly ICallAuthorizer _authorizer;
    private readonly HostGuard _hosts;
    private readonly WireOptions _options;
    private readonly ILogger<WireEndpoint> _logger;

    public WireEndpoint(
        IOptions<WireOptions> options,
        IEnumerable<ApiService> registered,
        SigV4Verifier verifier,
        ICallAuthorizer authorizer,
        HostGuard hosts,
        ILogger<WireEndpoint> logger)
    {
        _options = options.Value;
        _verifier = verifier;
        _authorizer = authorizer;
        _hosts = hosts;
        _logger = logger;
        Services = [.. _options.Services.Concat(registered).Distinct()];
        _protocols =
        [
            .. from protocol in _options.Protocols
               let services = Services.Where(service => service.Model.Metadata.Protocols.Contains(protocol.Name)).ToList()
               where services.Count > 0
               select (protocol, (IReadOnlyList<ApiService>)services),
        ];
    }

    public IReadOnlyList<ApiService> Services { get; }

    /// <summary>The methods and paths of all services.</summary>
    public IEnumerable<WireRoute> Routes => _protocols
        .SelectMany(pair => pair.Services.SelectMany(service => pair.Protocol.Routes(service.Model)))
        .Distinct();

    public async Task Invoke(HttpContext context)
    {
        var requestId = _options.NewRequestId();
        context.Response.Headers["x-amzn-RequestId"] = requestId;
        WireRequest? request = null;
        WireTarget? target = null;
        try
        {
            // 1. and 2.
            if (!_hosts.IsAllowed(context.Request.Host))
            {
                throw new ApiException(CommonErrors.AccessDenied, HostGuard.Refusal(context.Request.Host));
            }

            request = new WireRequest(context);
            request.Body = await RequestBody.Read(context.Request, _options.MaxBodyBytes, context.RequestAborted);

            // 3.
            target = FindTarget(request);
            var (service, operation) = Resolve(request, target);

            // 4. to 9.
            var output = await Call(request, target!.Protocol, service, operation, CallOrigin.Of(context), requestId, context.RequestAborted);
            await target.Protocol.WriteOutput(context.Response, operation, output, requestId, context.RequestAborted);
        }
        catch (ApiException expected)
        {
            await Refuse(context, request, target, expected.Code, expected.Message, requestId);
        }
        catch (Exception exception) when (context.RequestAborted.IsCancellationRequested && exception is OperationCanceledException or IOException)
        {
            // The caller has gone; nobody reads an answer.
        }
        catch (Exception unexpected)
        {
            WireLog.HandlerFailed(_logger, ServiceName(target), target?.Operation ?? "-", requestId, unexpected);
            if (!context.Response.HasStarted)
            {
                var message = $"The call failed for a reason inside the platform. Its log has the details under the request id {requestId}.";
                await Refuse(context, request, target, InternalErrorCode(target), message, requestId);
            }
        }
    }

    private WireTarget? FindTarget(WireRequest request)
    {
        foreach (var (protocol, services) in _protocols)
        {
            if (protocol.Find(request, services) is { } target)
            {
                return target;
            }
        }

        return null;
    }

    private static (ApiService Service, OperationModel Operation) Resolve(WireRequest request, WireTarget? target)
    {
        if (target is not { Service: { } service })
        {
            // As in AWS, a request that names nothing and is not signed is told that first.
            throw request.Scope is null && target is null && request.Headers["X-Amz-Target"].Count == 0
                ? new ApiException(CommonErrors.MissingAuthenticationToken, "Missing Authentication Token")
                : new ApiException(CommonErrors.UnknownOperation, $"No service here has the operation '{Named(request, target)}'.");
        }

        if (!service.Model.Operations.TryGetValue(target.Operation, out var operation) || service.FindHandler(target.Operation) is null)
        {
            throw new ApiException(
                CommonErrors.UnknownOperation,
                $"Could not find operation {Excerpt.Of(target.Operation, 100)} for version {service.Model.Metadata.ApiVersion} of {service.Model.Metadata.ServiceId}.");
        }

        return (service, operation);
    }

    private async Task<JsonObject> Call(
        WireRequest request,
        IWireProtocol protocol,
        ApiService service,
        OperationModel operation,
        CallOrigin origin,
        string requestId,
        CancellationToken cancellationToken)
    {
        // 4.
        var model = service.Model;
        var signed = new SignedRequest(request.Method, request.RawPath, request.RawQuery, request.Headers, request.Body);
        var caller = operation.IsSigned || request.Scope is not null
            ? await _verifier.Verify(signed, model.SigningName, cancellationToken)
            : null;

        // 5. and 6.
        var input = protocol.ReadInput(request, operation);
        new InputValidator(service.Overrides).Demand(operation, input);

        // 7.
        var call = new ApiCall(
            model,
            operation.Name,
            input,
            caller?.Account ?? "",
            caller?.Region ?? "",
            caller?.AccessKeyId ?? "",
            requestId)
        {
            SessionToken = caller?.SessionToken,
            Origin = origin,
        };
        if (caller is not null)
        {
            call = call with { CallerArn = await _authorizer.Authorize(call, cancellationToken) };
        }

        // 8.
        WireLog.Called(_logger, model.Metadata.ServiceId, operation.Name, call.AccessKeyId, call.Region, requestId);
        var output = await service.FindHandler(operation.Name)!(call, cancellationToken);

        // 9.
        var faults = OutputChecker.Check(operation, output);
        if (faults.Count == 0)
        {
            return output;
        }

        var text = string.Join("; ", faults);
        if (_options.StrictOutput)
        {
            throw new InvalidOperationException($"The handler of {operation.Name} answered what its model does not have: {text}");
        }

        WireLog.OutputFaulty(_logger, model.Metadata.ServiceId, operation.Name, requestId, text);
        return OutputChecker.Prune(operation, output);
    }

    private async Task Refuse(HttpContext context, WireRequest? request, WireTarget? target, string code, string message, string requestId)
    {
        WireLog.Refused(_logger, ServiceName(target), target?.Operation ?? "-", code, requestId, message);
        var model = target?.Service?.Model;
        var protocol = target?.Protocol ?? Guess(request);
        try
        {
            await protocol.WriteError(context.Response, model, ApiError.Of(model, code, message), requestId, context.RequestAborted);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone; nobody reads an answer.
        }
    }

    private IWireProtocol Guess(WireRequest? request) =>
        (request is null ? null : _options.Protocols.FirstOrDefault(protocol => protocol.Resembles(request))) ?? _options.Protocols[0];

    private static string InternalErrorCode(WireTarget? target) =>
        target?.Service is { Model: { } model } && model.Operations.TryGetValue(target.Operation, out var operation)
            ? operation.Errors.FirstOrDefault(error => error.StartsWith("Internal", StringComparison.Ordinal) && model.GetShape(error).Error is { IsFault: true })
                ?? CommonErrors.InternalFailure
            : CommonErrors.InternalFailure;

    private static string ServiceName(WireTarget? target) => target?.Service?.Model.Metadata.ServiceId ?? "-";

    private static string Named(WireRequest request, WireTarget? target) =>
        Excerpt.Of(target?.Operation ?? request.Headers["X-Amz-Target"].ToString(), 100);
}
