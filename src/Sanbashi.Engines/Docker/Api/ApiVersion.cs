using System.Globalization;

namespace Sanbashi.Engines.Docker.Api;

/// <summary>A version of the Engine API, <c>1.41</c>.</summary>
internal readonly record struct ApiVersion(int Major, int Minor) : IComparable<ApiVersion>
{
    /// <summary>Docker 20.10 and Podman 4.3.</summary>
    public static readonly ApiVersion Oldest = new(1, 41);

    /// <summary>The newest version whose changes were looked through (Docker 29).</summary>
    public static readonly ApiVersion Newest = new(1, 52);

    public static bool TryParse(string? text, out ApiVersion version)
    {
        version = default;
        var dot = text?.IndexOf('.') ?? -1;
        if (dot < 1
            || !int.TryParse(text.AsSpan(0, dot), NumberStyles.None, CultureInfo.InvariantCulture, out var major)
            || !int.TryParse(text.AsSpan(dot + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var minor))
        {
            return false;
        }

        version = new ApiVersion(major, minor);
        return true;
    }

    /// <summary>The version to speak with an engine whose newest is given; null when it is too old.</summary>
    public static ApiVersion? Negotiate(ApiVersion engineNewest) =>
        engineNewest.CompareTo(Oldest) < 0 ? null : engineNewest.CompareTo(Newest) > 0 ? Newest : engineNewest;

    public int CompareTo(ApiVersion other) => (Major, Minor).CompareTo((other.Major, other.Minor));

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Major}.{Minor}");
}
