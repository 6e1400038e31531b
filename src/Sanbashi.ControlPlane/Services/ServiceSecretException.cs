namespace Sanbashi.ControlPlane.Services;

/// <summary>A secret variable that can't be read; the message names variable and reference, never a value.</summary>
public sealed class ServiceSecretException(string message) : Exception(message);
