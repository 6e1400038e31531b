namespace Sanbashi.ControlPlane.Secrets;

/// <summary>Why a reference could not be read, as the end of a sentence that names variable and reference; never a value.</summary>
internal sealed class UnreadableVariableException(string message) : Exception(message);
