namespace Sanbashi.Domain.Metrics.Expressions;

/// <summary>An expression that cannot be read or makes no sense; the message says where and why.</summary>
public sealed class MathException(string message) : Exception(message);
