using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Sanbashi.Wire;

/// <summary>Adds the AWS protocols to a host.</summary>
public static class WireExtensions
{
    /// <summary>
    /// Registers what answers calls. An <see cref="ICredentialStore"/> must be registered too, and an
    /// <see cref="ICallAuthorizer"/> unless every key may do everything; services come from
    /// <see cref="WireOptions.Services"/> and from the container, as <see cref="ApiService"/>.
    /// </summary>
    public static IServiceCollection AddAwsWire(this IServiceCollection services, Action<WireOptions> configure)
    {
        services.AddOptions<WireOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<WireOptions>, WireOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, CallMatcherPolicy>());
        services.TryAddSingleton<SigV4Verifier>();
        services.TryAddSingleton<HostGuard>();
        services.TryAddSingleton<ICallAuthorizer, EveryCallAllowed>();
        services.TryAddSingleton<WireEndpoint>();
        return services;
    }

    /// <summary>
    /// Answers calls at the paths of the registered services. Nothing else is taken: other paths, and GET requests that are
    /// neither signed nor name an operation, are left to the host.
    /// </summary>
    public static IEndpointConventionBuilder MapAwsWire(this IEndpointRouteBuilder endpoints)
    {
        var wire = endpoints.ServiceProvider.GetRequiredService<WireEndpoint>();
        var group = endpoints.MapGroup("");
        foreach (var route in wire.Routes)
        {
            var builder = group.MapMethods(route.Pattern, [route.Method], (RequestDelegate)wire.Invoke).WithDisplayName($"AWS {route.Method} {route.Pattern}");
            if (route.OnlyCalls)
            {
                // Before the pages at the same path; the policy takes it out of the choice for everything else.
                builder.WithMetadata(new OnlyCallsMetadata()).WithOrder(-1);
            }
        }

        return group;
    }
}
