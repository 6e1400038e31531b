using System.Text.Json.Nodes;
using Sanbashi.Cli.Contexts;
using Sanbashi.Cli.Logs;
using Sanbashi.Cli.Terminal;

namespace Sanbashi.Cli.Services.Watching;

/// <summary>Follows one operation to its end: asks for its status and tells each step as it happens.</summary>
internal sealed class OperationWatch(PlatformConnection platform, string serviceArn, string operationId, TimeProvider timeProvider)
{
    /// <summary>Between two questions, while something is likely to happen soon.</summary>
    private static readonly TimeSpan _quickPause = TimeSpan.FromMilliseconds(150);

    private static readonly TimeSpan _slowPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan _quickPhase = TimeSpan.FromSeconds(15);

    private readonly Patience _patience = new(timeProvider);
    private readonly LogReader _steps = new(platform.Api, new LogQuery(serviceArn, LogTypes.Deployment) { OperationId = operationId });

    /// <summary>Returns the operation once it has ended.</summary>
    /// <param name="step">Told each step with the time since the operation began.</param>
    /// <param name="progress">Told again and again how long it has taken so far.</param>
    public async Task<JsonObject> Run(Action<TimeSpan, string> step, Action<TimeSpan> progress, CancellationToken cancellationToken)
    {
        var begun = timeProvider.GetUtcNow();
        while (true)
        {
            // The status first: what is told after the end was asked for is complete.
            var operation = await _patience.Ask(() => Find(cancellationToken), cancellationToken);
            var startedAt = ServiceText.Time(operation["StartedAt"]) ?? begun;
            foreach (var line in await _patience.Ask(() => _steps.ReadNew(cancellationToken), cancellationToken))
            {
                step(line.Timestamp - startedAt, ServiceText.Step(line.Message));
            }

            if (IsEnded((string?)operation["Status"]))
            {
                return operation;
            }

            var elapsed = timeProvider.GetUtcNow() - begun;
            progress(elapsed);
            await Task.Delay(elapsed < _quickPhase ? _quickPause : _slowPause, timeProvider, cancellationToken);
        }
    }

    public static bool IsEnded(string? status) => status is "SUCCEEDED" or "FAILED" or "ROLLBACK_SUCCEEDED" or "ROLLBACK_FAILED";

    private async Task<JsonObject> Find(CancellationToken cancellationToken)
    {
        string? next = null;
        do
        {
            var input = new JsonObject { ["ServiceArn"] = serviceArn, ["MaxResults"] = 20 };
            if (next is not null)
            {
                input["NextToken"] = next;
            }

            var page = await platform.Api.AppRunner("ListOperations", input, cancellationToken);
            foreach (var operation in page["OperationSummaryList"]!.AsArray())
            {
                if ((string?)operation!["Id"] == operationId)
                {
                    return operation.AsObject();
                }
            }

            next = (string?)page["NextToken"];
        }
        while (!string.IsNullOrEmpty(next));

        throw new CliException(ExitCodes.NotFound, $"Operation {operationId} of {serviceArn} is not listed any more.");
    }
}
