using Microsoft.Extensions.Logging;

namespace Sanbashi.Cli.Platform;

internal static partial class PlatformLog
{
    [LoggerMessage(1, LogLevel.Error, "The platform's certificate {Path} could not be renewed; the present one stays in use and this is tried again in 12 hours.")]
    public static partial void CertificateNotRenewed(ILogger logger, string path, Exception failure);
}
