using System.Text.Json;

namespace Sanbashi.Cli.Contexts;

/// <summary>The user's contexts, in <c>~/.config/sanbashi/contexts.json</c> (or below <c>$XDG_CONFIG_HOME</c>).</summary>
internal static class ContextStore
{
    /// <summary>The name of the platform on this machine, which is always there.</summary>
    public const string Local = "local";

    public const string Variable = "SANBASHI_CONTEXT";

    public static string FilePath { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } config
            ? config
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config"),
        "sanbashi",
        "contexts.json");

    public static ContextFile Load()
    {
        if (!File.Exists(FilePath))
        {
            return ContextFile.Empty;
        }

        try
        {
            return JsonSerializer.Deserialize(File.ReadAllText(FilePath), ContextJsonContext.Default.ContextFile) ?? ContextFile.Empty;
        }
        catch (JsonException failure)
        {
            throw new CliException(ExitCodes.Failed, $"{FilePath} is not a list of contexts: {failure.Message} Mend it or remove it.", failure);
        }
    }

    public static void Save(ContextFile file)
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Directory.CreateDirectory(Path.GetDirectoryName(FilePath)!, Owner | UnixFileMode.UserExecute);
        var temporary = FilePath + ".new";
        File.WriteAllText(temporary, JsonSerializer.Serialize(file, ContextJsonContext.Default.ContextFile) + "\n");
        File.SetUnixFileMode(temporary, Owner);
        File.Move(temporary, FilePath, overwrite: true);
    }

    /// <summary>The context that a command means; null: the platform on this machine.</summary>
    /// <param name="named">By its option.</param>
    /// <exception cref="CliException">There is no context of that name.</exception>
    public static (string Name, PlatformContext? Context) Choose(string? named)
    {
        var file = Load();
        var name = named ?? Environment.GetEnvironmentVariable(Variable) ?? file.Current;
        if (name is null or "" or Local)
        {
            return (Local, null);
        }

        return file.Contexts.TryGetValue(name, out var context)
            ? (name, context)
            : throw new CliException(ExitCodes.NotFound, $"There is no context '{name}'. There are: {string.Join(", ", file.Contexts.Keys.Prepend(Local))}. Add one: sanbashi context add {name} URL");
    }
}
