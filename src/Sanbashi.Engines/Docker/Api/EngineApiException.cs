using System.Net;

namespace Sanbashi.Engines.Docker.Api;

/// <summary>The engine answered a call with an error; translated to <see cref="EngineException"/> where the attempt is known.</summary>
internal sealed class EngineApiException(string operation, HttpStatusCode status, string engineMessage)
    : Exception($"{operation}: {(int)status} {engineMessage}")
{
    public HttpStatusCode Status { get; } = status;

    /// <summary>The engine's own text, untouched.</summary>
    public string EngineMessage { get; } = engineMessage;
}
