using System.CommandLine;
using Sanbashi.Cli.Exec;
using Sanbashi.Cli.Logs;
using Sanbashi.Cli.Services.Top;

namespace Sanbashi.Cli.Services;

/// <summary><c>sanbashi svc</c>.</summary>
internal static class ServiceCommand
{
    public static Command Create() => new("svc", "Services: create, watch, change, look into.")
    {
        CreateCommand.Create(),
        ListCommand.Create(),
        ShowCommand.Create(),
        UpdateCommand.Create(),
        VerbCommands.Redeploy(),
        TrafficCommand.Create(),
        VerbCommands.Promote(),
        VerbCommands.Rollback(),
        VerbCommands.Pause(),
        VerbCommands.Resume(),
        VerbCommands.Delete(),
        LogsCommand.Create(),
        TopCommand.Create(),
        StateCommand.Create(),
        WatchCommand.Create(),
        OperationsCommand.Create(),
        RevisionsCommand.Create(),
        SettingsCommand.Create(),
        HashPasswordCommand.Create(),
        CancelCommand.Create(),
        ExecCommand.Create(),
    };
}
