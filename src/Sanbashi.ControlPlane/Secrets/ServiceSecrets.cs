using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Identity;

namespace Sanbashi.ControlPlane.Secrets;

/// <summary>Reads what the variables of services refer to.</summary>
internal sealed class ServiceSecrets(IReadOnlyList<IVariableSource> sources) : IServiceSecrets
{
    public Task<IReadOnlyDictionary<string, PinnedSecret>> Pin(ResourceScope scope, IReadOnlyDictionary<string, string> references, CancellationToken cancellationToken) =>
        Each(references, static text => text, (source, text) => source.Pin(scope, text, cancellationToken));

    public async Task<IReadOnlyDictionary<string, PinnedSecret>> Resolve(ResourceScope scope, IReadOnlyDictionary<string, string> references, CancellationToken cancellationToken)
    {
        var pinned = await Pin(scope, references, cancellationToken);
        await Read(scope, pinned, cancellationToken);
        return pinned;
    }

    public Task<IReadOnlyDictionary<string, string>> Read(ResourceScope scope, IReadOnlyDictionary<string, PinnedSecret> secrets, CancellationToken cancellationToken) =>
        Each(secrets, static pin => pin.Reference, async (source, pin) =>
        {
            var text = await source.Read(scope, pin, cancellationToken);
            return text.Contains('\0') ? throw new UnreadableVariableException("its value has a NUL, which no variable can have.") : text;
        });

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
