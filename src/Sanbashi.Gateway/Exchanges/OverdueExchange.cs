namespace Sanbashi.Gateway.Exchanges;

/// <param name="Turn">The turn that is over; the exchange object may be at its next by the time somebody acts.</param>
internal readonly record struct OverdueExchange(Exchange Exchange, EndReason Reason, long Turn);
