using System.Text.Json.Nodes;

namespace Sanbashi.Wire;

/// <summary>
/// Carries out one operation. The output has members by the model's names, timestamps as JSON numbers (seconds since the
/// epoch, a fraction is allowed), blobs as base64 text; <c>null</c> members are left out of the answer.
/// </summary>
/// <exception cref="ApiException">An expected failure; anything else is answered as an internal error.</exception>
public delegate Task<JsonObject> ApiHandler(ApiCall call, CancellationToken cancellationToken);
