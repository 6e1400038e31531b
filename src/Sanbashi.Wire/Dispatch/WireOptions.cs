namespace Sanbashi.Wire;

/// <summary>What is served and within which limits.</summary>
public sealed class WireOptions
{
    /// <summary>The services that are answered; those registered as <see cref="ApiService"/> in the container join them.</summary>
    public IList<ApiService> Services { get; } = [];

    /// <summary>
    /// The protocols, in the order in which they are asked whether a request is theirs. Default: json, query, ec2. Protocols
    /// that go by path (rest-json) are inserted before these.
    /// </summary>
    public IList<IWireProtocol> Protocols { get; } = [new AwsJsonProtocol(), new AwsQueryProtocol(), new Ec2Protocol()];

    /// <summary>The clock that signatures are checked against. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>How far a signature's time may be from ours. Default: 5 minutes, as in AWS. Range: 1 second to 1 day.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>The largest body of a call, in bytes; a larger one is answered with 413. Default: 2 MiB. Range: 1 KiB to 256 MiB.</summary>
    public int MaxBodyBytes { get; set; } = 2 * 1024 * 1024;

    /// <summary>
    /// Names in the <c>Host</c> header that are answered besides <c>localhost</c>, <c>*.localhost</c> and IP addresses;
    /// <c>*.example.com</c> allows all names below it. Others are refused, against DNS rebinding. Default: none.
    /// </summary>
    public IList<string> AllowedHosts { get; } = [];

    /// <summary>Makes the id of each answer. Default: a random UUID.</summary>
    public Func<string> NewRequestId { get; set; } = () => Guid.NewGuid().ToString("D");

    /// <summary>
    /// Whether an output with members that the model does not have, values of wrong types, or required members missing ends
    /// the call with an internal error. Otherwise what does not fit is logged and left out. Default: only in debug builds.
    /// </summary>
    public bool StrictOutput { get; set; } =
#if DEBUG
        true;
#else
        false;
#endif
}
