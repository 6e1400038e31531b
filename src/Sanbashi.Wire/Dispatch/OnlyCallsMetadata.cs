namespace Sanbashi.Wire;

/// <summary>Marks an endpoint that leaves requests which are no calls to others at the same path.</summary>
internal sealed class OnlyCallsMetadata;
