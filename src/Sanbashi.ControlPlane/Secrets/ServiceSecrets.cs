using Sanbashi.ControlPlane.Identity.Roles;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Services;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Secrets;

/// <summary>Reads what the variables of services refer to.</summary>
internal sealed class ServiceSecrets(IReadOnlyList<IVariableSource> sources, InstanceRoles roles) : IServiceSecrets
{
    public Task<IReadOnlyDictionary<string, PinnedSecret>> Pin(ResourceScope scope, IReadOnlyDictionary<string, string> references, CancellationToken cancellationToken) =>
        Each(references, static text => text, (source, text) => source.Pin(scope, text, cancellationToken));

    public async Task<IReadOnlyDictionary<string, PinnedSecret>> Resolve(ServiceRecord service, ServiceDefinition definition, CancellationToken cancellationToken)
    {
        var references = definition.Image.EnvironmentSecrets;
        if (definition.InstanceRoleArn is { } role)
        {
            // Before anything is looked up: who may not read a secret does not learn whether there is one.
            await Each(references, static text => text, (source, text) => Demand(service, role, source, text, cancellationToken));
        }

        var pinned = await Pin(service.Scope, references, cancellationToken);
        await Read(service.Scope, pinned, cancellationToken);
        return pinned;
    }

    public Task<IReadOnlyDictionary<string, string>> Read(ResourceScope scope, IReadOnlyDictionary<string, PinnedSecret> secrets, CancellationToken cancellationToken) =>
        Each(secrets, static pin => pin.Reference, async (source, pin) =>
        {
            var text = await source.Read(scope, pin, cancellationToken);
            return text.Contains('\0') ? throw new UnreadableVariableException("its value has a NUL, which no variable can have.") : text;
        });

    private async Task<string> Demand(ServiceRecord service, string role, IVariableSource source, string reference, CancellationToken cancellationToken)
    {
        var about = source.About(service.Scope, reference);
        try
        {
            await roles.Demand(service, role, source.Action, about.Resource, about.Details, cancellationToken);
            return about.Resource;
        }
        catch (ApiException refusal)
        {
            throw new UnreadableVariableException($"{refusal.Message.TrimEnd('.')}. It is read as the instance role {role}.");
        }
    }

    private async Task<IReadOnlyDictionary<string, TResult>> Each<T, TResult>(
        IReadOnlyDictionary<string, T> variables, Func<T, string> reference, Func<IVariableSource, T, Task<TResult>> read)
    {
        var results = new Dictionary<string, TResult>(StringComparer.Ordinal);
        foreach (var (variable, about) in variables)
        {
            var text = reference(about);
            var source = sources.FirstOrDefault(source => source.Takes(text))
                ?? throw new ServiceSecretException($"The secret variable {variable} could not be read: {text} is not a reference that can be resolved here.");
            try
            {
                results[variable] = await read(source, about);
            }
            catch (UnreadableVariableException failure)
            {
                throw new ServiceSecretException($"The secret variable {variable} could not be read: {source.Action} of {text} failed, {failure.Message}");
            }
        }

        return results;
    }
}
