namespace Sanbashi.Cli.Supervision;

/// <summary>What a role tells its supervisor.</summary>
internal interface ISupervisorEvents
{
    /// <summary>Something a person who watches wants to know.</summary>
    void Say(string message);

    /// <summary>A line that a process printed.</summary>
    void Output(string role, string line);

    void RoleReady(Role role);

    /// <summary>A process ended although nobody asked it to; the next one starts after <paramref name="wait"/>.</summary>
    void RoleEnded(Role role, string how, TimeSpan wait, IReadOnlyCollection<string> lastLines);

    /// <summary>The role's first process says that it cannot run with these settings.</summary>
    void Refused(Role role, string reason);
}
