namespace Sanbashi.ControlPlane.Secrets.Rotation;

/// <summary>Why a step did not succeed, as a sentence for people; never a value.</summary>
internal sealed class RotationException(string message, Exception? inner = null) : Exception(message, inner);
