using System.Text.RegularExpressions;
using Sanbashi.Domain.Workloads;

namespace Sanbashi.Domain.Settings;

/// <summary>What the main container mounts: named volumes that stay, and host folders that the operator has opened.</summary>
internal static partial class VolumeSetting
{
    public static SettingDefinition Define() => new()
    {
        Name = "volume",
        Type = SettingType.Volumes,
        AppliesBy = SettingAppliesBy.Deployment,
        Default = "",
        Allowed = "a list such as data:/var/data,/srv/media:/media:ro: volume name or host folder, mount path, and ro for read-only",
        Description = "Volumes that outlive deployments and services, one per name and installation: services that name the same one share its files; and host folders below the paths that the operator allows.",
        Read = (text, settings) =>
        {
            var mounts = new List<VolumeMount>();
            foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
            {
                if (Read(part, mounts) is { } problem)
                {
                    return SettingReading.Bad(problem);
                }
            }

            return SettingReading.Ok(settings with { Volumes = mounts }, string.Join(',', mounts.Select(Format)));
        },
    };

    private static string? Read(string part, List<VolumeMount> mounts)
    {
        var pieces = part.Split(':');
        if (pieces.Length is not (2 or 3) || (pieces.Length == 3 && pieces[2] is not ("ro" or "rw")))
        {
            return $"'{part}' is not of the form name:/path or name:/path:ro";
        }

        var isHostPath = pieces[0].StartsWith('/');
        if (isHostPath ? !IsPlainPath(pieces[0]) : !VolumeName().IsMatch(pieces[0]))
        {
            return isHostPath
                ? $"the host folder '{pieces[0]}' is not a plain absolute path (no '.', '..' or empty parts)"
                : $"the volume name '{pieces[0]}' is not 1 to 64 letters, digits, '_', '.' or '-' that start with a letter or digit";
        }

        var target = pieces[1];
        if (!IsPlainPath(target))
        {
            return $"the mount path '{target}' is not a plain absolute path below / (no '.', '..' or empty parts)";
        }

        if (mounts.Any(mount => mount.Target == target))
        {
            return $"the mount path '{target}' is named twice";
        }

        mounts.Add(new VolumeMount(pieces[0], target, pieces is [_, _, "ro"], isHostPath));
        return null;
    }

    private static bool IsPlainPath(string path) =>
        path.Length > 1
        && path[0] == '/'
        && !path.AsSpan().ContainsAny('\0', '\\', '\n')
        && path[1..].Split('/').All(part => part is not ("" or "." or ".."));

    private static string Format(VolumeMount mount) => $"{mount.Source}:{mount.Target}{(mount.ReadOnly ? ":ro" : "")}";

    [GeneratedRegex(@"\A[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}\z")]
    private static partial Regex VolumeName();
}
