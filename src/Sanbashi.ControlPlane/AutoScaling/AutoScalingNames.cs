using System.Globalization;
using Sanbashi.Domain.Identity;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.AutoScaling;

/// <summary>
/// One document per name that has active revisions, with the last revision number given out: two calls that add to the same name conflict on it,
/// and when the last revision goes, it goes too, so that numbers start at 1 again.
/// </summary>
internal static class AutoScalingNames
{
    private const string Kind = "autoscaling-name";

    /// <summary>Last revision number and version; 0 and 0 for an unknown name.</summary>
    public static async Task<(int LastRevision, long Version)> Find(IDocumentStore store, ResourceScope scope, string name, CancellationToken cancellationToken) =>
        await store.Get(Key(scope, name), cancellationToken) is { } document
            ? (int.Parse(document.Body, NumberStyles.None, CultureInfo.InvariantCulture), document.Version)
            : (0, 0);

    public static DocumentWrite Write(ResourceScope scope, string name, int lastRevision, long version) =>
        new(Key(scope, name), version, lastRevision.ToString(CultureInfo.InvariantCulture));

    public static DocumentWrite Delete(ResourceScope scope, string name, long version) => new(Key(scope, name), version, null);

    private static DocumentKey Key(ResourceScope scope, string name) => new(Kind, scope, name);
}
