using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.DependencyInjection;
using Sanbashi.ControlPlane.Identity;
using Sanbashi.Engines;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Builds;

/// <summary>
/// <c>POST /sanbashi/builds</c>: the body is a tar stream, signed as a call of the service <c>sanbashi</c> (the body may be left out of the signature); the
/// answer is one JSON object per line. The body goes to the engine as it comes; nothing of it is kept here.
/// </summary>
internal sealed class BuildEndpoint(IContainerEngine engine, IdentityCapability identity, BuildQueue queue, TimeProvider timeProvider)
{
    public const string Path = "/sanbashi/builds";

    private const string SigningName = "sanbashi";

    /// <summary>What a caller must be allowed: this is no operation of a model.</summary>
    private const string Permission = "sanbashi:BuildImage";

    /// <summary>A build that hangs must not keep the others waiting for ever.</summary>
    private static readonly TimeSpan _timeout = TimeSpan.FromHours(1);

    private static readonly byte[] _lineEnd = "\n"u8.ToArray();

    public void Map(IEndpointRouteBuilder endpoints)
    {
        var verifier = endpoints.ServiceProvider.GetRequiredService<SigV4Verifier>();
        endpoints.MapPost(Path, (HttpContext context) => Serve(context, verifier));
    }

    private async Task Serve(HttpContext context, SigV4Verifier verifier)
    {
        ImageBuildOptions options;
        int ahead;
        try
        {
            var caller = await verifier.Verify(context, SigningName, context.RequestAborted);
            await identity.Demand(caller, Permission, context.RequestAborted);
            options = BuildRequest.Read(context.Request.Query);
            ahead = queue.Enter() ?? throw new ApiException("ThrottlingException", $"{BuildQueue.MaxWaiting} builds wait already. Try again when one has ended.");
        }
        catch (ApiException refused)
        {
            await Refuse(context, refused);
            return;
        }

        var hasTurn = false;
        try
        {
            await Begin(context);
            if (ahead > 0)
            {
                await Write(context, new BuildLine { Stream = $"Waiting for {ahead} other build(s).\n" });
            }

            await queue.Wait(context.RequestAborted);
            hasTurn = true;
            await Build(context, options);
        }
        catch (Exception gone) when (context.RequestAborted.IsCancellationRequested && gone is OperationCanceledException or IOException)
        {
            // The caller has gone, and the build with it.
        }
        finally
        {
            queue.Leave(hasTurn);
        }
    }

    private async Task Build(HttpContext context, ImageBuildOptions options)
    {
        using var timeout = new CancellationTokenSource(_timeout, timeProvider);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, context.RequestAborted);
        var output = new BuildOutput();
        var building = Run(context.Request.Body, options, output, timeout, either.Token);
        await foreach (var line in output.Read(context.RequestAborted))
        {
            await Write(context, new BuildLine { Stream = line });
        }

        await Write(context, await building);
    }

    /// <summary>The last line of the answer.</summary>
    private async Task<BuildLine> Run(Stream body, ImageBuildOptions options, BuildOutput output, CancellationTokenSource timeout, CancellationToken cancellationToken)
    {
        try
        {
            return new BuildLine { ImageId = await engine.BuildImage(body, options, output, cancellationToken), Tag = options.Tag };
        }
        catch (EngineException failure)
        {
            return new BuildLine { Error = failure.Message };
        }
        catch (BadHttpRequestException broken)
        {
            return new BuildLine { Error = $"The build context did not arrive completely: {broken.Message}" };
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested)
        {
            return new BuildLine { Error = $"The build of {options.Tag} was ended after {_timeout.TotalMinutes:0} minutes." };
        }
        finally
        {
            output.Complete();
        }
    }

    /// <summary>The answer's head goes out at once: the caller sees that the build was accepted, however long it has nothing to say.</summary>
    private static async Task Begin(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = null;
        }

        // A caller on a slow line may take as long as it needs.
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate)
        {
            rate.MinDataRate = null;
        }

        context.Response.ContentType = "application/x-ndjson";
        await context.Response.StartAsync(context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static async Task Write(HttpContext context, BuildLine line)
    {
        await context.Response.Body.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(line, BuildJson.Default.BuildLine), context.RequestAborted);
        await context.Response.Body.WriteAsync(_lineEnd, context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }

    private static async Task Refuse(HttpContext context, ApiException refused)
    {
        var error = ApiError.Of(null, refused.Code, refused.Message);
        context.Response.StatusCode = error.Status;
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync(new JsonObject { ["__type"] = error.Code, ["Message"] = error.Message }.ToJsonString(), context.RequestAborted);
    }
}
