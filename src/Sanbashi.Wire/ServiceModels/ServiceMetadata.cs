using System.Text.Json;

namespace Sanbashi.Wire;

/// <summary>What a service definition says about the service as a whole.</summary>
public sealed class ServiceMetadata
{
    internal ServiceMetadata(JsonElement json)
    {
        ApiVersion = ModelJson.Text(json, "apiVersion") ?? throw new InvalidDataException("metadata has no apiVersion");
        EndpointPrefix = ModelJson.Text(json, "endpointPrefix") ?? throw new InvalidDataException("metadata has no endpointPrefix");
        Protocol = ModelJson.Text(json, "protocol") ?? throw new InvalidDataException("metadata has no protocol");
        Protocols = ModelJson.Texts(json, "protocols") is { Count: > 0 } protocols ? protocols : [Protocol];
        SigningName = ModelJson.Text(json, "signingName") ?? EndpointPrefix;
        ServiceId = ModelJson.Text(json, "serviceId") ?? EndpointPrefix;
        FullName = ModelJson.Text(json, "serviceFullName") ?? ServiceId;
        TargetPrefix = ModelJson.Text(json, "targetPrefix");
        JsonVersion = ModelJson.Text(json, "jsonVersion") ?? "1.0";
        XmlNamespace = ModelJson.Text(json, "xmlNamespace");
        IsQueryCompatible = json.TryGetProperty("awsQueryCompatible", out _);
    }

    /// <summary>The version of the definition, a date.</summary>
    public string ApiVersion { get; }

    /// <summary>The first label of the service's host names in AWS.</summary>
    public string EndpointPrefix { get; }

    /// <summary>The protocol that clients prefer: <c>json</c>, <c>query</c>, <c>ec2</c>, <c>rest-json</c>, ...</summary>
    public string Protocol { get; }

    /// <summary>All protocols that the service speaks.</summary>
    public IReadOnlyList<string> Protocols { get; }

    /// <summary>The name in the credential scope of signatures.</summary>
    public string SigningName { get; }

    /// <summary>The service's short name, for example <c>AppRunner</c>.</summary>
    public string ServiceId { get; }

    /// <summary>The service's full name.</summary>
    public string FullName { get; }

    /// <summary>What stands before the dot in <c>X-Amz-Target</c>; only json services have it.</summary>
    public string? TargetPrefix { get; }

    /// <summary>The json protocol's version, <c>1.0</c> or <c>1.1</c>.</summary>
    public string JsonVersion { get; }

    /// <summary>The name space of XML answers.</summary>
    public string? XmlNamespace { get; }

    /// <summary>Whether json errors also carry the code of the older query protocol.</summary>
    public bool IsQueryCompatible { get; }
}
