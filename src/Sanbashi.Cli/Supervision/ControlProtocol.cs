using System.Text;

namespace Sanbashi.Cli.Supervision;

/// <summary>
/// What a command and the supervisor say to each other over <c>run/supervisor.sock</c>. One request line; then answer lines, each with a mark in front;
/// then the supervisor closes.
/// </summary>
internal static class ControlProtocol
{
    public const string Status = "status";
    public const string Stop = "stop";

    /// <summary>Followed by the role.</summary>
    public const string Restart = "restart";

    /// <summary>Followed by the path of the program to use from now on.</summary>
    public const string Upgrade = "upgrade";

    /// <summary>Marks a line that tells how it goes.</summary>
    public const char Progress = '.';

    /// <summary>Marks the result: for <see cref="Status"/> one line of JSON, else a sentence.</summary>
    public const char Result = '=';

    /// <summary>Marks why it did not work.</summary>
    public const char Failure = '!';

    public static string SocketPath(string stateDirectory) => Path.Combine(stateDirectory, "run", "supervisor.sock");

    /// <summary><c>struct sockaddr_un</c>.</summary>
    /// <exception cref="PathTooLongException">Linux takes 107 bytes.</exception>
    public static byte[] Address(string path)
    {
        const int LongestPath = 107;
        var bytes = Encoding.UTF8.GetBytes(path);
        if (bytes.Length > LongestPath)
        {
            throw new PathTooLongException($"The socket path {path} has {bytes.Length} bytes; Linux allows {LongestPath}. Choose a shorter state folder (--state).");
        }

        return [Native.Posix.AF_UNIX, 0, .. bytes, 0];
    }
}
