using System.Globalization;
using System.Text;
using Sanbashi.Cli.Native;

namespace Sanbashi.Cli.Supervision;

/// <summary>
/// A child's side of its connection with the supervisor: it tells how far it has come, and learns of the supervisor's death, which it must not outlive
/// (the sockets would be held by a process that nobody restarts or stops).
/// </summary>
internal sealed class SupervisorLink
{
    public const string Standby = "standby";
    public const string Ready = "ready";
    public const string Refused = "refused";

    /// <summary>The supervisor's only word: a successor serves, so finish what is open and end.</summary>
    public const string Retire = "retire";

    /// <summary>BSD's EX_CONFIG: the settings are wrong, starting again would not help.</summary>
    public const int RefusedExitCode = 78;

    private readonly int _fd;

    private SupervisorLink(int fd) => _fd = fd;

    /// <summary>The link of this process; null when it was started by hand.</summary>
    public static SupervisorLink? FromEnvironment(Action retire, Action supervisorGone)
    {
        if (!int.TryParse(Environment.GetEnvironmentVariable(ChildRecipe.LinkVariable), NumberStyles.None, CultureInfo.InvariantCulture, out var fd))
        {
            return null;
        }

        // Nothing that this process starts may believe that it has a supervisor.
        Environment.SetEnvironmentVariable(ChildRecipe.LinkVariable, null);
        Descriptors.KeepFromChildren(fd);
        var link = new SupervisorLink(fd);
        new Thread(() => Listen(fd, retire, supervisorGone), maxStackSize: 256 * 1024) { IsBackground = true, Name = "supervisor link" }.Start();
        return link;
    }

    public void Say(string word) => _ = Descriptors.Write(_fd, Encoding.UTF8.GetBytes(word + "\n"));

    public void Refuse(string reason) => Say($"{Refused} {reason.ReplaceLineEndings(" ")}");

    private static void Listen(int fd, Action retire, Action supervisorGone)
    {
        var reader = new LineReader(fd);
        while (reader.Read(word =>
        {
            if (word == Retire)
            {
                retire();
            }
        }))
        {
            // Blocks in Read until the supervisor says something or is gone.
        }

        supervisorGone();
    }
}
