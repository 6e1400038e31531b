using System.Collections.Frozen;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Api;

/// <summary>App Runner's operations that this version refuses by name, after checking their input.</summary>
internal static class LaterOperations
{
    private static readonly FrozenDictionary<string, string> _capabilities = new Dictionary<string, string>
    {
        ["CustomDomain"] = "Custom domains",
        ["CustomDomains"] = "Custom domains",
        ["Connection"] = "Connections to source code providers",
        ["Connections"] = "Connections to source code providers",
        ["ObservabilityConfiguration"] = "Observability configurations",
        ["ObservabilityConfigurations"] = "Observability configurations",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly string[] _verbs = ["Associate", "Disassociate", "Create", "Describe", "List", "Update", "Delete"];

    public static void Register(ApiService api) =>
        api.Unavailable([.. api.MissingOperations], ApiErrors.InvalidRequestCode, Message);

    private static string Message(string operation)
    {
        var noun = operation[_verbs.First(verb => operation.StartsWith(verb, StringComparison.Ordinal)).Length..];
        return $"{_capabilities[noun]} are not available in this version of Sanbashi ({operation}).";
    }
}
