namespace Sanbashi.Domain.Networks;

/// <param name="Port">What members call at an endpoint.</param>
/// <param name="Target">Where the gateway listens.</param>
public sealed record GatewayPort(int Port, int Target);
