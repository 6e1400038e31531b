namespace Sanbashi.Cli.Exec;

/// <summary>As <c>docker exec</c> has them: the command's own code, or one of these.</summary>
internal static class ExecExitCodes
{
    /// <summary>The session could not be made or broke.</summary>
    public const int CouldNotRun = 125;
}
