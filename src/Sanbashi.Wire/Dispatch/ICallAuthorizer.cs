namespace Sanbashi.Wire;

/// <summary>Decides whether an authenticated call may be carried out. Asked once for each signed call, after its input is known to be valid.</summary>
public interface ICallAuthorizer
{
    /// <summary>Returns when the call may go on, with the ARN of whoever makes it; null where only the key is known.</summary>
    /// <exception cref="ApiException">The caller may not do this.</exception>
    ValueTask<string?> Authorize(ApiCall call, CancellationToken cancellationToken);
}
