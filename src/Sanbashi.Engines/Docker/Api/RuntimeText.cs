using System.Text.RegularExpressions;

namespace Sanbashi.Engines.Docker.Api;

/// <summary>Reads the texts of engines and runtimes. They are the only place where some failures are told apart.</summary>
internal static partial class RuntimeText
{
    /// <summary>Layers of wrapping that tell a person nothing, outermost first.</summary>
    private static readonly string[] Wrappings =
    [
        "failed to create task for container: ",
        "failed to create shim task: ",
        "OCI runtime create failed: ",
        "OCI runtime exec failed: ",
        "exec failed: ",
        "runc: ",
        "crun: ",
        "runc create failed: ",
        "unable to start container process: ",
        "error during container init: ",
        "container create: ",
        "Error response from daemon: ",
    ];

    private static readonly string[] Trailers = [": unknown", ": OCI runtime attempted to invoke a command that was not found", ": OCI permission denied", ": OCI runtime error"];

    public static bool IsDiskFull(string text) => text.Contains("no space left on device", StringComparison.OrdinalIgnoreCase);

    public static bool IsCannotStart(string text) =>
        ExecFailure().IsMatch(text) || InitFailure().IsMatch(text) || text.Contains("exec format error", StringComparison.OrdinalIgnoreCase);

    public static string Clean(string text)
    {
        text = text.Trim().TrimEnd('.');
        for (var again = true; again;)
        {
            again = false;
            foreach (var wrapping in Wrappings)
            {
                if (text.StartsWith(wrapping, StringComparison.Ordinal) && text.Length > wrapping.Length)
                {
                    text = text[wrapping.Length..];
                    again = true;
                }
            }

            foreach (var trailer in Trailers)
            {
                if (text.EndsWith(trailer, StringComparison.Ordinal))
                {
                    text = text[..^trailer.Length];
                    again = true;
                }
            }
        }

        return text;
    }

    /// <summary>Why a command could not be started, from the runtime's text or from the last words of the container's init.</summary>
    public static string StartFailure(string text)
    {
        // The init's words first: they would pass for a runtime's.
        var match = InitFailure().Match(text);
        if (!match.Success)
        {
            match = ExecFailure().Match(text);
        }

        if (!match.Success)
        {
            return Clean(text) + ".";
        }

        // Podman's init does not name it.
        var command = match.Groups["command"] is { Success: true } named ? $"the command '{named.Value}'" : "the start command";
        var reason = match.Groups["reason"].Value;
        return (reason + text) switch
        {
            var said when said.Contains("no such file", StringComparison.OrdinalIgnoreCase) || said.Contains("not found", StringComparison.OrdinalIgnoreCase) =>
                $"{command} does not exist in the image (or its interpreter does not). Check the start command and the image's entrypoint.",
            var said when said.Contains("permission denied", StringComparison.OrdinalIgnoreCase) =>
                $"{command} is not executable. Set its executable bit in the image, or start it through its interpreter.",
            var said when said.Contains("exec format", StringComparison.OrdinalIgnoreCase) =>
                $"{command} is no program for this machine: built for another architecture, or a script without a '#!' line.",
            _ => $"{command} cannot be started: {Clean(reason)}.",
        };
    }

    // runc and crun: exec: "/nope": stat /nope: no such file or directory
    [GeneratedRegex("""exec:? "?(?<command>[^":]+)"?: (?<reason>(stat |executable file|permission denied|no such file|exec format|is a directory).*)""", RegexOptions.IgnoreCase)]
    private static partial Regex ExecFailure();

    // docker-init (tini): [FATAL tini (8)] exec /nope failed: No such file or directory; catatonit: failed to exec pid1: No such file or directory
    [GeneratedRegex("""(?:\[FATAL tini \(\d+\)\] exec (?<command>.+?) failed|catatonit.*?: failed to exec pid1): (?<reason>[^\n]*)""")]
    private static partial Regex InitFailure();
}
