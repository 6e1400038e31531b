using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Parameters;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Parameters;

/// <summary>Finds what a name or an ARN means.</summary>
internal sealed class ParameterLookup(ParameterDocuments documents)
{
    /// <summary>The parameter and the version that is meant; null where there is no such parameter.</summary>
    /// <exception cref="ApiException">There is no such version.</exception>
    public async Task<(ParameterRecord Parameter, ParameterVersion Version)?> Find(ResourceScope scope, ParameterReference reference, CancellationToken cancellationToken)
    {
        if (await Find(scope, reference.Name, cancellationToken) is not { Record: var parameter })
        {
            return null;
        }

        return reference.Selector is { } selector
            ? (parameter, parameter.Find(selector) ?? throw ParameterErrors.NoVersion(parameter.Name, selector))
            : (parameter, parameter.Current);
    }

    /// <summary>By name or ARN without a selector.</summary>
    public async Task<Stored<ParameterRecord>?> Find(ResourceScope scope, string name, CancellationToken cancellationToken)
    {
        if (!ParameterArn.IsArn(name))
        {
            return await documents.Find(scope, name, cancellationToken);
        }

        if (ParameterArn.TryParse(name) is not { } arn || arn.Scope != scope)
        {
            return null;
        }

        foreach (var candidate in arn.Names)
        {
            if (await documents.Find(scope, candidate, cancellationToken) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>What the call's <c>Name</c> names.</summary>
    public async Task<Stored<ParameterRecord>> Find(ApiCall call, CancellationToken cancellationToken)
    {
        var name = call.Input.RequiredText("Name");
        return await Find(call.Scope(), name, cancellationToken) ?? throw ParameterErrors.NotFound(name);
    }
}
