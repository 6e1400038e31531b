namespace Sanbashi.Domain.Workloads;

/// <summary>The variables by which an application's SDK finds the platform: the names and the address are those of ECS and of AWS's SDKs. Pure.</summary>
public static class PlatformVariables
{
    /// <summary>
    /// Where instances find their credentials, their metadata and the API, on port 80. SDKs take credentials over plain HTTP from this address only.
    /// </summary>
    public const string EndpointAddress = "169.254.170.2";

    private const string Endpoint = $"http://{EndpointAddress}";

    /// <summary>Of every instance that has the endpoint.</summary>
    /// <param name="token">What the instance shows to be told about itself.</param>
    public static IReadOnlyDictionary<string, string> Metadata(string token) => new Dictionary<string, string>
    {
        ["ECS_CONTAINER_METADATA_URI"] = $"{Endpoint}/v3/{token}",
        ["ECS_CONTAINER_METADATA_URI_V4"] = $"{Endpoint}/v4/{token}",
    };

    /// <summary>Of instances with a role.</summary>
    /// <param name="token">What the instance shows to get credentials.</param>
    /// <param name="serviceIds">The services that are served here, by their models' ids: all others stay with AWS.</param>
    public static IReadOnlyDictionary<string, string> Credentials(string token, string region, IEnumerable<string> serviceIds)
    {
        var variables = new Dictionary<string, string>
        {
            ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] = $"/v2/credentials/{token}",
            ["AWS_REGION"] = region,
            ["AWS_DEFAULT_REGION"] = region,
        };
        foreach (var id in serviceIds)
        {
            variables[$"AWS_ENDPOINT_URL_{id.Replace(' ', '_').ToUpperInvariant()}"] = Endpoint;
        }

        return variables;
    }
}
