namespace Sanbashi.ControlPlane.Gateways;

/// <summary>Whose load: the serving revision's of a service, or its canary's.</summary>
internal readonly record struct LoadKey(string ServiceId, bool IsCanary = false);
