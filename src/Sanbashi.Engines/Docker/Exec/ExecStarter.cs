using Sanbashi.Engines.Docker.Api;

namespace Sanbashi.Engines.Docker.Exec;

/// <summary>Starts commands in running containers.</summary>
internal sealed class ExecStarter(EngineClient client, TimeProvider time)
{
    private const int SizeAttempts = 50;

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(30);

    public async Task<IExecSession> Start(string containerId, ExecOptions options, CancellationToken cancellationToken)
    {
        var request = new CreateExec
        {
            Tty = options.Terminal,
            Cmd = options.Command,
            Env = options.Environment is { Count: > 0 } environment ? [.. environment.Select(variable => $"{variable.Key}={variable.Value}")] : null,
        };
        var created = await client.Read(
            EngineCall.Post("exec.create", $"/containers/{containerId}/exec").With(request, EngineJson.Default.CreateExec), EngineJson.Default.CreatedExec, cancellationToken)
            .ConfigureAwait(false);
        var version = await client.Version(cancellationToken).ConfigureAwait(false);
        var body = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(new StartExec(false, options.Terminal), EngineJson.Default.StartExec);

        var connection = await Open($"/v{version}/exec/{created.Id}/start", body, cancellationToken).ConfigureAwait(false);
        var session = new ExecSession(client, connection, created.Id, options.Terminal, time);
        try
        {
            await SetFirstSize(session, options, cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    private async Task<HijackedConnection> Open(string path, byte[] body, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(StartTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await HijackedConnection.Open(client.Address, "exec.start", path, body, linked.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw EngineFailures.TimedOut(client.Address, EngineCall.Post("exec.start", path) with { Timeout = StartTimeout });
        }
    }

    private async Task SetFirstSize(ExecSession session, ExecOptions options, CancellationToken cancellationToken)
    {
        for (var attempt = 1; options.Terminal; attempt++)
        {
            try
            {
                await session.Resize(options.Rows, options.Columns, cancellationToken).ConfigureAwait(false);
                return;
            }
            catch (EngineApiException) when (attempt < SizeAttempts)
            {
                // The terminal exists a moment after the start was acknowledged.
                await Task.Delay(TimeSpan.FromMilliseconds(10), time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
