using System.Text;
using Sanbashi.ControlPlane.Secrets.Encryption;
using Sanbashi.Domain.Parameters;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Parameters;

/// <summary>Reads values, and prepares new ones to be written.</summary>
internal sealed class ParameterVault(ParameterDocuments documents, SecretKeys keys)
{
    public const string Secure = "SecureString";

    public Sealing BeginSealing() => keys.BeginSealing();

    /// <exception cref="ApiException">It is gone, or can't be opened.</exception>
    public async Task<string> Read(ParameterRecord parameter, ParameterVersion version, CancellationToken cancellationToken)
    {
        var stored = await Stored(parameter, version, cancellationToken);
        try
        {
            return Encoding.UTF8.GetString(keys.Open(stored.Sealed, Binding(parameter.Scope.ToString(), parameter.Id, version.Number)));
        }
        catch (Exception failure) when (failure is SealBrokenException or KeyMissingException)
        {
            throw ParameterErrors.Internal(failure.Message);
        }
    }

    /// <summary>What a <c>SecureString</c> is sealed as; anything else as it is.</summary>
    /// <exception cref="ApiException">It is gone, or can't be opened.</exception>
    public async Task<string> ReadSealed(ParameterRecord parameter, ParameterVersion version, CancellationToken cancellationToken) =>
        parameter.Type == Secure ? (await Stored(parameter, version, cancellationToken)).Sealed.Content : await Read(parameter, version, cancellationToken);

    public static ParameterValueRecord Seal(Sealing sealing, ParameterRecord parameter, long version, string value) => new()
    {
        Scope = parameter.Scope,
        ParameterId = parameter.Id,
        Version = version,
        Sealed = sealing.Seal(Encoding.UTF8.GetBytes(value), Binding(parameter.Scope.ToString(), parameter.Id, version)),
    };

    public static string Binding(string scope, string parameterId, long version) => $"parameter {scope}/{parameterId}, version {version}";

    private async Task<ParameterValueRecord> Stored(ParameterRecord parameter, ParameterVersion version, CancellationToken cancellationToken) =>
        await documents.FindValue(parameter, version.Number, cancellationToken) ?? throw ParameterErrors.NotFound(parameter.Name);
}
