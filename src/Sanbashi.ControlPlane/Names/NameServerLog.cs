using System.Net;
using Microsoft.Extensions.Logging;

namespace Sanbashi.ControlPlane.Names;

internal static partial class NameServerLog
{
    [LoggerMessage(1301, LogLevel.Information, "Instances resolve names under {Domain} to {Address}")]
    public static partial void Listens(ILogger logger, string domain, IPAddress address);

    [LoggerMessage(1302, LogLevel.Warning, "Instances cannot resolve the platform's names: the name server on {Address}:53 failed ({Reason}). Trying again")]
    public static partial void Failed(ILogger logger, IPAddress address, string reason);
}
