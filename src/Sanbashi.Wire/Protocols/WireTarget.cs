namespace Sanbashi.Wire;

/// <summary>What a request calls.</summary>
/// <param name="Protocol">The protocol it is written in.</param>
/// <param name="Service">The service, or <c>null</c> when none of ours is named.</param>
/// <param name="Operation">The operation's name as sent; it may be unknown to the service.</param>
public sealed record WireTarget(IWireProtocol Protocol, ApiService? Service, string Operation);
