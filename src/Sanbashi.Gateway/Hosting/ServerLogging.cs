using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Sanbashi.Gateway.Hosting;

/// <summary>
/// The process's logging without the forwarder's, which would write a stack trace for every request whose client or instance goes away, and without
/// that of HTTP/2's protections, which would write a line for every frame of a flood. What went wrong with a request is in its line of the access log.
/// </summary>
internal sealed class ServerLogging(ILoggerFactory process) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith("Yarp.", StringComparison.Ordinal) || categoryName == "Microsoft.AspNetCore.Server.Kestrel.Http2" ? NullLogger.Instance : process.CreateLogger(categoryName);

    public void AddProvider(ILoggerProvider provider) => process.AddProvider(provider);

    public void Dispose()
    {
        // Belongs to the process.
    }
}
