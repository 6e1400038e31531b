using Microsoft.AspNetCore.Http;

namespace Sanbashi.Wire;

/// <summary>The parts of a request that a signature covers.</summary>
internal sealed record SignedRequest(string Method, string RawPath, string RawQuery, IHeaderDictionary Headers, ReadOnlyMemory<byte> Body);
