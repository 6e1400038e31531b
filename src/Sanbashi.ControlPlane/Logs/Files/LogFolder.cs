namespace Sanbashi.ControlPlane.Logs.Files;

/// <summary>
/// Where the logs of one service lie: <c>events.log</c>, <c>deployment/ID.log</c>, <c>application/ID.log</c> (the main container of an instance) and
/// <c>application/ID.CONTAINER.log</c> (another one), <c>access/access.jsonl</c>, <c>service.json</c>.
/// </summary>
internal sealed class LogFolder(string path)
{
    public const string EventsStream = "events";
    public const string AccessStream = "access";
    public const string DeploymentPrefix = "deployment/";
    public const string InstancePrefix = "instance/";

    private const string Extension = ".log";

    public string Path { get; } = path;

    public string OwnerFile => Under("service.json");

    public LogPath Events => new(Under($"events{Extension}"), LogFormat.Lines);

    public LogPath Access => new(Under("access/access.jsonl"), LogFormat.Access);

    public LogPath Deployment(string operationId) => new(Under($"deployment/{Checked(operationId)}{Extension}"), LogFormat.Lines);

    public LogPath Container(string instanceId, string container)
    {
        var name = container == Domain.Workloads.ContainerSpec.Main ? Checked(instanceId) : $"{Checked(instanceId)}.{Checked(container)}";
        return new LogPath(Under($"application/{name}{Extension}"), LogFormat.Lines);
    }

    /// <summary>Folders and files that make the group exist.</summary>
    public bool Exists(LogGroup group) => group switch
    {
        LogGroup.Service => File.Exists(Events.Current) || Directory.Exists(Under("deployment")),
        LogGroup.Application => Directory.Exists(Under("application")),
        _ => Directory.Exists(Under("access")),
    };

    public void MakeGroups()
    {
        Directory.CreateDirectory(Under("deployment"));
        Directory.CreateDirectory(Under("application"));
    }

    public void RemoveGroupIfEmpty(LogGroup group)
    {
        var folder = group switch { LogGroup.Service => "deployment", LogGroup.Application => "application", _ => "access" };
        if (Directory.Exists(Under(folder)) && !Directory.EnumerateFiles(Under(folder), "*.*").Any(file => !System.IO.Path.GetFileName(file).StartsWith('.')))
        {
            Directory.Delete(Under(folder), recursive: true);
        }
    }

    /// <summary>The logs of a group with the stream each belongs to.</summary>
    public IEnumerable<(string Stream, LogPath Path)> Logs(LogGroup group) => group switch
    {
        LogGroup.Service => [.. Events.ExistingFiles().Any() ? [(EventsStream, Events)] : Array.Empty<(string, LogPath)>(), .. Named("deployment", DeploymentPrefix)],
        LogGroup.Application => Named("application", InstancePrefix),
        _ => Access.ExistingFiles().Any() ? [(AccessStream, Access)] : [],
    };

    /// <summary>The logs of one stream; several where an instance has several containers.</summary>
    public IEnumerable<LogPath> LogsOf(LogGroup group, string stream) => (group, stream) switch
    {
        (LogGroup.Service, EventsStream) => [Events],
        (LogGroup.Access, AccessStream) => [Access],
        _ => Logs(group).Where(log => log.Stream == stream).Select(log => log.Path),
    };

    private IEnumerable<(string Stream, LogPath Path)> Named(string folder, string prefix)
    {
        if (!Directory.Exists(Under(folder)))
        {
            return [];
        }

        // A log whose current file is gone may still have files put aside.
        return Directory.EnumerateFiles(Under(folder))
            .Select(CurrentOf)
            .OfType<string>()
            .Distinct()
            .Select(file => ($"{prefix}{System.IO.Path.GetFileName(file).Split('.')[0]}", new LogPath(file, LogFormat.Lines)));
    }

    private static string? CurrentOf(string file)
    {
        var end = file.LastIndexOf(Extension, StringComparison.Ordinal);
        if (end < 0)
        {
            return null;
        }

        var rest = file[(end + Extension.Length)..];
        return rest.Length == 0 || (rest[0] == '.' && rest.Length > 1 && rest[1..].All(char.IsAsciiDigit)) ? file[..(end + Extension.Length)] : null;
    }

    /// <summary>Names become file names.</summary>
    private static string Checked(string name) =>
        name.Length is > 0 and <= 128 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.') && name[0] != '.'
            ? name
            : throw new ArgumentException($"'{name}' cannot name a log: letters, digits, dots, dashes and underscores can.", nameof(name));

    private string Under(string name) => System.IO.Path.Combine(Path, name);
}
