using System.Text;
using Sanbashi.Domain.Routing;
using Sanbashi.Gateway.Answers;
using Sanbashi.Gateway.Exchanges;
using Sanbashi.Gateway.Forwarding;
using Sanbashi.Gateway.Routing;

namespace Sanbashi.Gateway.Access;

/// <summary>
/// Checks a request against its service's rules before it takes an instance or a place in the queue:
/// <list type="number">
/// <item>where it comes from;</item>
/// <item>how many came from there (refused ones are not counted);</item>
/// <item>who sends it, last, because a password is dear to check.</item>
/// </list>
/// </summary>
internal sealed class AccessGuard(PasswordVerifier passwords, TrustedProxies trustedProxies, TimeProvider timeProvider)
{
    /// <summary>Longest Authorization header of Basic authentication, in characters.</summary>
    private const int MostCredentials = 1024;

    /// <summary>The refusal, or null for a request that may go on.</summary>
    public ValueTask<GatewayAnswer?> Check(Exchange exchange, RoutedService service, RouteAccess access)
    {
        // 1. Where from
        var rules = service.Access.For(access);
        var client = ClientAddress.Of(exchange.Context, trustedProxies);
        if (!rules.Allows(client))
        {
            return new ValueTask<GatewayAnswer?>(GatewayAnswer.SourceNotAllowed);
        }

        // 2. How often
        if (access.RateLimit is { } rate && client is not null)
        {
            var second = timeProvider.TimestampFrequency;
            var interval = Math.Max(1, (long)(rate.Period.TotalSeconds * second / rate.Requests));
            var wait = service.Access.Rates.Take(client, exchange.Started, interval, rate.Burst, second);
            if (wait > 0)
            {
                return new ValueTask<GatewayAnswer?>(GatewayAnswer.RateLimited with { RetryAfterSeconds = (int)Math.Min(int.MaxValue, ((wait - 1) / second) + 1) });
            }
        }

        // 3. Who
        return rules.Users.Count == 0 ? default : CheckPassword(exchange, service, rules);
    }

    private async ValueTask<GatewayAnswer?> CheckPassword(Exchange exchange, RoutedService service, ServiceAccess.Compiled rules)
    {
        if (ReadCredentials(exchange.Context.Request.Headers.Authorization.ToString()) is not var (name, password))
        {
            return GatewayAnswer.Unauthorized with { Challenge = Challenge(service) };
        }

        // An unknown name takes as long as a known one, so that nobody learns which there are.
        var isKnown = rules.Users.TryGetValue(name, out var user);
        if (!isKnown)
        {
            user = rules.Users.Values[0];
        }

        var isRight = await passwords.Verify(user.Hash, user.Text, password, exchange.Context.RequestAborted).ConfigureAwait(false);
        if (isRight is null)
        {
            return GatewayAnswer.TooManyLogins;
        }

        if (isRight == false || !isKnown)
        {
            return GatewayAnswer.Unauthorized with { Challenge = Challenge(service) };
        }

        exchange.HidesAuthorization = true;
        return null;
    }

    private static string Challenge(RoutedService service) => $"Basic realm=\"{service.View.Route.ServiceName}\", charset=\"UTF-8\"";

    private static (string Name, string Password)? ReadCredentials(string header)
    {
        const string Scheme = "Basic ";
        if (header.Length > MostCredentials || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[MostCredentials];
        if (!Convert.TryFromBase64Chars(header.AsSpan(Scheme.Length).Trim(), bytes, out var length))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(bytes[..length]);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : (text[..colon], text[(colon + 1)..]);
    }
}
