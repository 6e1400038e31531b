namespace Sanbashi.Cli.Logs;

/// <summary>The kinds of logs of a service, by the words of <c>GetServiceLogs</c>.</summary>
internal static class LogTypes
{
    public const string Events = "events";
    public const string Deployment = "deployment";
    public const string Application = "application";
    public const string Access = "access";
}
