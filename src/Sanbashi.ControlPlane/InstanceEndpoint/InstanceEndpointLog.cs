using System.Net;
using Microsoft.Extensions.Logging;

namespace Sanbashi.ControlPlane.InstanceEndpoint;

internal static partial class InstanceEndpointLog
{
    [LoggerMessage(1501, LogLevel.Warning, "{Source} asked for what is instance {InstanceId}'s and got nothing: it is not that instance's address")]
    public static partial void ForeignSource(ILogger logger, IPAddress? source, string instanceId);
}
