namespace Sanbashi.Cli;

/// <summary>Exit codes that scripts may rely on. The reference page prints this table.</summary>
internal static class ExitCodes
{
    public const int Success = 0;

    /// <summary>The command was carried out and failed: the API said no, a deployment failed.</summary>
    public const int Failed = 1;

    public const int Usage = 2;

    /// <summary>The named service, operation, context or file does not exist.</summary>
    public const int NotFound = 3;

    /// <summary>No platform answers.</summary>
    public const int Unreachable = 4;

    /// <summary>The thing is in a state that forbids it: a name is taken, an operation is in progress, a platform runs already.</summary>
    public const int Conflict = 5;

    /// <summary>A deadline passed; what was started goes on.</summary>
    public const int TimedOut = 6;

    /// <summary>The key was refused, or the credentials cannot be read.</summary>
    public const int Denied = 7;

    /// <summary>Ctrl-C (128 + SIGINT); what was started goes on.</summary>
    public const int Interrupted = 130;

    /// <summary>With their meanings, in order.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Success, "It worked."),
        (Failed, "It was carried out and failed: the API refused it, a deployment failed."),
        (Usage, "The command line is wrong; nothing was done."),
        (NotFound, "The named service, operation, context or file does not exist."),
        (Unreachable, "No platform answers."),
        (Conflict, "The present state forbids it: a name is taken, an operation is in progress, a platform runs already."),
        (TimedOut, "A deadline passed; what was started goes on."),
        (Denied, "The key was refused, or the credentials file cannot be read."),
        (Interrupted, "Ctrl-C; what was started goes on."),
    ];
}
