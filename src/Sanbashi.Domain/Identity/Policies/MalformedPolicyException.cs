namespace Sanbashi.Domain.Identity.Policies;

/// <summary>A text is no policy; the message is AWS's where that is known.</summary>
public sealed class MalformedPolicyException(string message) : Exception(message);
