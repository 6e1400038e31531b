namespace Sanbashi.Domain.Networks;

public sealed record InternetGatewayRecord : NetworkResource
{
    /// <summary>Null: not attached.</summary>
    public string? VpcId { get; init; }
}
