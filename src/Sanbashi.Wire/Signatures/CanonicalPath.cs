namespace Sanbashi.Wire;

/// <summary>
/// The path as it is signed by all services but S3: without dot segments and empty segments, and the path as sent (which
/// is encoded already) encoded once more.
/// </summary>
internal static class CanonicalPath
{
    public static string Of(string rawPath)
    {
        if (rawPath is "" or "/")
        {
            return "/";
        }

        var kept = new List<string>();
        foreach (var segment in rawPath.Split('/'))
        {
            if (segment == "..")
            {
                if (kept.Count > 0)
                {
                    kept.RemoveAt(kept.Count - 1);
                }
            }
            else if (segment is not ("" or "."))
            {
                kept.Add(segment);
            }
        }

        var trailing = kept.Count > 0 && rawPath.EndsWith('/') ? "/" : "";
        return PercentEncoding.Encode($"/{string.Join('/', kept)}{trailing}", keep: "/");
    }
}
