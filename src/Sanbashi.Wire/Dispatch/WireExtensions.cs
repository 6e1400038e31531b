using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Sanbashi.Wire;

/// <summary>Adds the AWS protocols to a host.</summary>
public static class WireExtensions
{
    /// <summary>Registers the services that are answered. An <see cref="ICredentialStore"/> must be registered too.</summary>
    public static IServiceCollection AddAwsWire(this IServiceCollection services, Action<WireOptions> configure)
    {
        services.AddOptions<WireOptions>().Configure(configure);
        services.AddSingleton<SigV4Verifier>();
        return services;
    }

    /// <summary>Answers signed calls at the paths of the registered services; every other GET is left to the host.</summary>
    public static IEndpointConventionBuilder MapAwsWire(this IEndpointRouteBuilder endpoints)
    {
        return endpoints.MapPost("/", () => { });
    }
}
