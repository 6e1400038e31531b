using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace Sanbashi.Engines.Docker;

/// <summary>Names of everything that an installation makes in the engine.</summary>
internal sealed partial record Installation
{
    public Installation(string id)
    {
        if (!Allowed().IsMatch(id))
        {
            throw new ArgumentException($"The installation id '{id}' cannot be a label: use 1 to 64 letters, digits, '-' or '_'.", nameof(id));
        }

        Id = id;

        // Ids that differ only past their beginning must not share names, so the beginning itself is used for random ids only.
        Short = Random().IsMatch(id) ? id[..8].ToLowerInvariant() : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)))[..8];
    }

    public string Id { get; }

    /// <summary>8 hex digits.</summary>
    public string Short { get; }

    public string Network => $"sanbashi-{Short}";

    /// <summary>At most 15 characters, as Linux demands.</summary>
    public string Bridge => $"sb{Short}";

    public string FirewallTable => $"sanbashi_{Short}";

    /// <summary>The network of a VPC, its bridge (again at most 15 characters) and the table with the rules of all of them.</summary>
    public string VpcNetwork(string vpcId) => $"{Network}-{vpcId}";

    public static string VpcBridge(string vpcId) => $"sv{vpcId["vpc-".Length..][..13]}";

    public string VpcFirewallTable => $"{FirewallTable}_vpc";

    public string HoldRepository => $"sanbashi-hold/{Short}";

    public string VolumePrefix => $"sanbashi-{Short}-";

    public string Volume(string name) => VolumePrefix + name;

    /// <summary>Begins as no volume of users does.</summary>
    public string SecretsVolumePrefix => $"sanbashi-secrets-{Short}-";

    public string SecretsVolume(string instanceId) => SecretsVolumePrefix + instanceId;

    /// <summary>Filter on the label that marks objects of this installation.</summary>
    public string LabelFilter => $"{Labels.Installation}={Id}";

    public bool Owns(IReadOnlyDictionary<string, string>? labels) => labels?.GetValueOrDefault(Labels.Installation) == Id;

    [GeneratedRegex("^[A-Za-z0-9_-]{1,64}$")]
    private static partial Regex Allowed();

    [GeneratedRegex("^[0-9a-fA-F]{16,64}$")]
    private static partial Regex Random();
}
