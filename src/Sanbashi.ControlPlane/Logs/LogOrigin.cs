namespace Sanbashi.ControlPlane.Logs;

/// <summary>Who wrote a line.</summary>
public enum LogOrigin
{
    /// <summary>A container, to its standard output.</summary>
    Output,

    /// <summary>A container, to its standard error.</summary>
    Errors,

    /// <summary>The platform, or a gateway.</summary>
    Platform,
}
