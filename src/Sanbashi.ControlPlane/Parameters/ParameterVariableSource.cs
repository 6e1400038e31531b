using System.Globalization;
using Sanbashi.ControlPlane.Secrets;
using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Parameters;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Parameters;

/// <summary>Parameters as what variables refer to.</summary>
internal sealed class ParameterVariableSource(ParameterLookup lookup, ParameterVault vault) : IVariableSource
{
    private const string Missing = "there is no such parameter. Create it, or correct the reference.";

    public string Action => "ssm:GetParameters";

    public bool Takes(string reference) => ParameterReference.TryParse(reference) is not null;

    public (string Resource, IReadOnlyDictionary<string, string> Details) About(ResourceScope scope, string reference) =>
        (ParameterReference.TryParse(reference)!.Arn(scope), new Dictionary<string, string>());

    public async Task<PinnedSecret> Pin(ResourceScope scope, string reference, CancellationToken cancellationToken)
    {
        var parsed = ParameterReference.TryParse(reference)!;
        try
        {
            var (parameter, version) = await lookup.Find(ScopeOf(scope, parsed.Name), parsed, cancellationToken) ?? throw new UnreadableVariableException(Missing);
            return new PinnedSecret(reference, parameter.Arn, VersionId(parameter, version), null);
        }
        catch (ApiException failure)
        {
            throw new UnreadableVariableException(failure.Message);
        }
    }

    public async Task<string> Read(ResourceScope scope, PinnedSecret pin, CancellationToken cancellationToken)
    {
        var name = ParameterReference.TryParse(pin.Reference)!.Name;
        if (await lookup.Find(ScopeOf(scope, name), name, cancellationToken) is not { Record: var parameter })
        {
            throw new UnreadableVariableException("the parameter is gone since it was deployed. Create it again, or deploy with another one.");
        }

        var version = parameter.Versions.FirstOrDefault(version => VersionId(parameter, version) == pin.VersionId)
            ?? throw new UnreadableVariableException("the version that was deployed is gone. Deploy again.");
        try
        {
            return await vault.Read(parameter, version, cancellationToken);
        }
        catch (ApiException failure)
        {
            throw new UnreadableVariableException(failure.Message);
        }
    }

    /// <summary>Numbers begin anew where a parameter is made again.</summary>
    private static string VersionId(ParameterRecord parameter, ParameterVersion version) => string.Create(CultureInfo.InvariantCulture, $"{parameter.Id}/{version.Number}");

    /// <summary>A bare name is one of the service's own region.</summary>
    private static ResourceScope ScopeOf(ResourceScope scope, string name) => ParameterArn.TryParse(name) is not { } arn ? scope
        : arn.Scope.Account == scope.Account ? arn.Scope
        : throw new UnreadableVariableException("it belongs to another account.");
}
