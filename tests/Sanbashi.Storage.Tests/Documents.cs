using Sanbashi.Domain.Identity;

namespace Sanbashi.Storage.Tests;

/// <summary>Short ways to write documents in tests.</summary>
internal static class Documents
{
    public static readonly ResourceScope Scope = new("000000000000", "local-1");
    public static readonly ResourceScope OtherScope = new("000000000000", "ap-northeast-1");

    public static DocumentKey Key(string id, string kind = "service", ResourceScope? scope = null) => new(kind, scope ?? Scope, id);

    public static DocumentWrite Write(string id, long? expected = null, string body = "{}", string? name = null, string? parent = null, bool unique = false, ResourceScope? scope = null, string kind = "service") =>
        new(Key(id, kind, scope), expected, body, name, parent) { UniqueName = unique };

    public static DocumentWrite Delete(string id, long? expected = null) => new(Key(id), expected, null);

    public static async Task<List<DocumentChange>> Take(this IAsyncEnumerable<DocumentChange> changes, int count)
    {
        var taken = new List<DocumentChange>();
        await foreach (var change in changes.WithCancellation(Deadline.Token()))
        {
            taken.Add(change);
            if (taken.Count == count)
            {
                break;
            }
        }

        return taken;
    }
}
