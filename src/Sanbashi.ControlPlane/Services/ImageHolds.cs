using System.Collections.Concurrent;
using System.Globalization;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Services;

/// <summary>Which revisions' images are kept from being pruned. The engine's tags are the truth; this is what they said when listed, and since.</summary>
public sealed class ImageHolds(IContainerEngine engine)
{
    private readonly ConcurrentDictionary<string, bool> _names = new(StringComparer.Ordinal);

    /// <summary>Holds that the engine has been asked for and has not confirmed.</summary>
    private readonly ConcurrentDictionary<string, bool> _underWay = new(StringComparer.Ordinal);

    public async Task Load(CancellationToken cancellationToken)
    {
        foreach (var name in await engine.ListHolds(cancellationToken))
        {
            _names[name] = true;
        }
    }

    /// <summary>
    /// Revisions of the service whose image is held, ascending. Without those whose hold is on its way: a release could overtake it, and then nobody would
    /// know of the hold any more.
    /// </summary>
    public IReadOnlyList<int> Of(string serviceId) =>
    [
        .. _names.Keys
            .Where(name => name.StartsWith(serviceId, StringComparison.Ordinal) && name.Length > serviceId.Length + 1 && !_underWay.ContainsKey(name))
            .Select(name => int.Parse(name.AsSpan(serviceId.Length + 1), CultureInfo.InvariantCulture))
            .Order(),
    ];

    public async Task Hold(string serviceId, int revision, string imageId, CancellationToken cancellationToken)
    {
        var name = Name(serviceId, revision);

        // Noted first: a hold whose confirmation is lost has to be released as well.
        _underWay[name] = true;
        _names[name] = true;
        try
        {
            await engine.HoldImage(imageId, name, cancellationToken);
        }
        finally
        {
            _underWay.TryRemove(name, out _);
        }
    }

    public async Task Release(string serviceId, int revision, CancellationToken cancellationToken)
    {
        var name = Name(serviceId, revision);

        // Removed first, so that it is not asked for twice while the engine works; put back if the engine did not do it.
        if (!_names.TryRemove(name, out _))
        {
            return;
        }

        try
        {
            await engine.ReleaseImage(name, cancellationToken);
        }
        catch (EngineException)
        {
            _names[name] = true;
            throw;
        }
    }

    private static string Name(string serviceId, int revision) => string.Create(CultureInfo.InvariantCulture, $"{serviceId}-{revision}");
}
