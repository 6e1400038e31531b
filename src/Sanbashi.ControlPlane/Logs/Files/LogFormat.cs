namespace Sanbashi.ControlPlane.Logs.Files;

internal enum LogFormat
{
    /// <summary>The platform's own lines, see <see cref="LineFormat"/>.</summary>
    Lines,

    /// <summary>The gateways' lines of JSON, see <see cref="AccessFormat"/>.</summary>
    Access,
}
