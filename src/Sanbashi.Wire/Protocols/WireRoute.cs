namespace Sanbashi.Wire;

/// <summary>Where calls arrive.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Pattern">The path in ASP.NET Core's route syntax.</param>
/// <param name="OnlyCalls">
/// Whether only requests that are signed, or name an operation in their query string, are meant; others at this path are
/// left to the host, for example the console at <c>GET /</c>.
/// </param>
public sealed record WireRoute(string Method, string Pattern, bool OnlyCalls = false);
