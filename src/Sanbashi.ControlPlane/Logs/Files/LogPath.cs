namespace Sanbashi.ControlPlane.Logs.Files;

/// <summary>One log on disk: a current file and those put aside before it, numbered from the newest.</summary>
/// <param name="Current">The current file.</param>
/// <param name="Format">How its lines are written.</param>
internal sealed record LogPath(string Current, LogFormat Format)
{
    /// <summary>More than any log may have.</summary>
    public const int MaxFiles = 16;

    /// <param name="age">0 is the current one.</param>
    public string File(int age)
    {
        if (age == 0)
        {
            return Current;
        }

        var extension = Path.GetExtension(Current);
        return Format == LogFormat.Access
            ? $"{Current[..^extension.Length]}.{age}{extension}"
            : $"{Current}.{age}";
    }

    /// <summary>Newest first.</summary>
    public IEnumerable<string> ExistingFiles() => Enumerable.Range(0, MaxFiles).Select(File).Where(System.IO.File.Exists);
}
