using System.Globalization;

namespace Sanbashi.Engines.Docker.Secrets;

/// <summary>Which user id a container's program has. Pure.</summary>
internal static class ContainerUser
{
    /// <summary>Whether the id stands in the container's own list of users only.</summary>
    public static bool NeedsUsers(string? user) => Name(user) is { Length: > 0 } name && !int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out _);

    /// <param name="user">As in an image's USER: empty, an id or a name, and a group behind a colon.</param>
    /// <param name="users">The text of the container's <c>/etc/passwd</c>; null when it has none.</param>
    /// <returns>0 for a name that nobody has: the engine refuses to start such a container and says why.</returns>
    public static int Id(string? user, string? users)
    {
        var name = Name(user);
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            return id;
        }

        foreach (var line in (users ?? "").Split('\n'))
        {
            if (line.Split(':') is [var candidate, _, var text, ..] && candidate == name && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var found))
            {
                return found;
            }
        }

        return 0;
    }

    private static string? Name(string? user) => user?.Split(':')[0];
}
