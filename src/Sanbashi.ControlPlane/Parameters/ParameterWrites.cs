using Sanbashi.ControlPlane.Api;
using Sanbashi.Storage;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Parameters;

/// <summary>Commits with the error that this service has for what nobody asked for.</summary>
internal static class ParameterWrites
{
    public static async Task<T> Commit<T>(IDocumentStore store, Func<CancellationToken, Task<Proposal<T>>> propose, CancellationToken cancellationToken)
    {
        try
        {
            return await store.CommitUntilDone(propose, cancellationToken);
        }
        catch (ApiException failure) when (failure.Code == ApiErrors.Internal("").Code)
        {
            throw ParameterErrors.Internal(failure.Message);
        }
    }
}
