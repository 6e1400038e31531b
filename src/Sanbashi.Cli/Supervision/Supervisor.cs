using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Sanbashi.Cli.Backups;
using Sanbashi.Cli.Listening;
using Sanbashi.Cli.Native;
using Sanbashi.Cli.Platform;

namespace Sanbashi.Cli.Supervision;

/// <summary>
/// The process that stays: it owns the listening sockets and keeps a control plane and a gateway running on them.
/// Everything happens on one thread, in <see cref="EventLoop"/>.
/// </summary>
internal sealed class Supervisor : ISupervisorEvents, IDisposable
{
    private readonly SupervisorOptions _options;
    private readonly PlatformSockets _sockets;
    private readonly TimeProvider _timeProvider;
    private readonly EventLoop _loop;
    private readonly ControlSocket _control;
    private readonly RotatingLog _log;
    private readonly SupervisorVoice _voice;
    private readonly Role _controlPlane;
    private readonly Role _gateway;
    private readonly DateTimeOffset _startedAt;
    private readonly List<ControlClient> _stopWaiters = [];
    private bool _isStopping;
    private bool _wasAnnounced;
    private int _exitCode;

    public Supervisor(SupervisorOptions options, PlatformSockets sockets, string executable, TimeProvider timeProvider)
    {
        (_options, _sockets, _timeProvider) = (options, sockets, timeProvider);
        _startedAt = timeProvider.GetUtcNow();
        _loop = new EventLoop(timeProvider);
        _log = OpenLog("supervisor");
        _voice = new SupervisorVoice(options.Json, _log, timeProvider);
        var recipes = new PlatformRecipes(options, sockets);
        _controlPlane = new Role(recipes.ControlPlane, _loop, OpenLog(recipes.ControlPlane.Name), timeProvider, this) { Executable = executable };
        _gateway = new Role(recipes.Gateway, _loop, OpenLog(recipes.Gateway.Name), timeProvider, this) { Executable = executable };
        _control = new ControlSocket(ControlProtocol.SocketPath(options.StateDirectory), _loop, OnRequest);
    }

    private IReadOnlyList<Role> Roles => [_controlPlane, _gateway];

    /// <summary>Runs the platform until it is told to stop; answers the exit code.</summary>
    public int Run()
    {
        WritePlatformFile();
        var (signalRead, signalWrite) = Descriptors.Pipe();
        using var terminate = OnSignal(PosixSignal.SIGTERM, signalWrite);
        using var interrupt = OnSignal(PosixSignal.SIGINT, signalWrite);
        using var hangUp = OnSignal(PosixSignal.SIGHUP, signalWrite);
        _loop.Watch(signalRead, () => OnSignalByte(signalRead));

        _voice.Say($"Sanbashi {ProductVersion.Text} (pid {Environment.ProcessId}) is starting on {_options.StateDirectory}.");
        foreach (var role in Roles)
        {
            role.Start();
        }

        _loop.Run(() => Roles.Select(role => role.NextDeadline).Min(), Tick);
        _voice.Say("Stopped.");
        return _exitCode;
    }

    public void Dispose()
    {
        _control.Dispose();
        File.Delete(PlatformStatus.FilePath(_options.StateDirectory));
        foreach (var role in Roles)
        {
            role.Dispose();
        }

        _log.Dispose();
    }

    void ISupervisorEvents.Say(string message) => _voice.Say(message);

    void ISupervisorEvents.Output(string role, string line) => _voice.Output(role, line);

    void ISupervisorEvents.RoleReady(Role role)
    {
        _voice.Say($"{role.Name} is ready (pid {role.Current!.Pid}).");
        if (!_wasAnnounced && Roles.All(other => other.IsReady))
        {
            _wasAnnounced = true;
            ServiceManager.Notify("READY=1\nSTATUS=The platform answers.");
            _voice.Announce(Status());
        }
    }

    void ISupervisorEvents.RoleEnded(Role role, string how, TimeSpan wait, IReadOnlyCollection<string> lastLines)
    {
        var next = wait == TimeSpan.Zero ? "at once" : string.Create(CultureInfo.InvariantCulture, $"in {wait.TotalSeconds:0.#} s");
        _voice.Say($"{role.Name} {how}; it is started again {next}.");
        if (role.IsCrashLoop)
        {
            _voice.Say($"{role.Name} keeps ending. All of its output is in {role.LogPath}; the last lines:", lastLines);
        }
    }

    void ISupervisorEvents.Refused(Role role, string reason)
    {
        _voice.Say($"{role.Name} cannot run: {reason}");
        _exitCode = SupervisorLink.RefusedExitCode;
        Stop();
    }

    private RotatingLog OpenLog(string name) => new(
        PlatformPaths.ProcessLog(_options.StateDirectory, name), SupervisorDefaults.LogFileBytes, SupervisorDefaults.LogFilesKept, _timeProvider);

    private static PosixSignalRegistration OnSignal(PosixSignal signal, int pipe) => PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        _ = Descriptors.Write(pipe, signal == PosixSignal.SIGHUP ? "h"u8 : "t"u8);
    });

    private void OnSignalByte(int fd)
    {
        Span<byte> signals = stackalloc byte[16];
        var count = Descriptors.Read(fd, signals) ?? 0;
        if (signals[..count].Contains((byte)'t'))
        {
            if (_isStopping)
            {
                _voice.Say("Told to stop again: what is left is killed now.");
                _gateway.Kill();
                _controlPlane.Kill();
            }

            Stop();
        }
        else if (signals[..count].Contains((byte)'h'))
        {
            HandOverAll(failure => _voice.Say(failure ?? "The hand-over is complete."));
        }
    }

    private void OnRequest(ControlClient client, string line)
    {
        var words = line.Split(' ', 2);
        switch (words)
        {
            case [ControlProtocol.Status, ..]:
                client.Succeed(JsonSerializer.Serialize(Status(), SupervisionJsonContext.Default.PlatformStatus));
                break;
            case [ControlProtocol.Stop, ..]:
                _stopWaiters.Add(client);
                client.Progress("Stopping: the gateway finishes what it has, then the control plane.");
                Stop();
                break;
            case [ControlProtocol.Restart, var name] when Roles.FirstOrDefault(role => role.Name == name) is { } role:
                HandOver(role, client);
                break;
            case [ControlProtocol.Upgrade, var path] when File.Exists(path):
                foreach (var role in Roles)
                {
                    role.Executable = path;
                }

                HandOverAll(failure => Answer(client, failure, AfterUpgrade()));
                break;
            default:
                client.Fail($"The supervisor of version {ProductVersion.Text} does not know the request '{line}'.");
                break;
        }
    }

    // It is small and changes rarely; replacing it means closing sockets that are its own, unless systemd holds them.
    private static string AfterUpgrade() =>
        $"The control plane and the gateway were replaced. The supervisor goes on as version {ProductVersion.Text}, as it was started; to replace it too, without touching instances: "
        + (ServiceManager.IsPresent ? "sudo systemctl restart sanbashi (no connection is refused)." : "sanbashi down, then sanbashi up with the same options.");

    private void HandOver(Role role, ControlClient client)
    {
        client.Progress($"A new {role.Name} starts beside the old one (pid {role.Current?.Pid.ToString(CultureInfo.InvariantCulture) ?? "none"}).");
        role.HandOver(failure => Answer(client, failure, $"The {role.Name} was replaced."));
    }

    // The control plane first: version N of it talks to gateways of N-1, and a gateway of N may need what only N knows.
    private void HandOverAll(Action<string?> done) =>
        _controlPlane.HandOver(failure =>
        {
            if (failure is null)
            {
                _gateway.HandOver(done);
            }
            else
            {
                done(failure);
            }
        });

    private static void Answer(ControlClient client, string? failure, string success)
    {
        if (failure is null)
        {
            client.Succeed(success);
        }
        else
        {
            client.Fail(failure);
        }
    }

    private void Stop()
    {
        if (_isStopping)
        {
            return;
        }

        _isStopping = true;
        ServiceManager.Notify("STOPPING=1");
        _voice.Say("Stopping: the gateway finishes what it has, then the control plane. Instances stay running.");

        // The gateway first, while the control plane can still wake what its last requests wait for.
        _gateway.Stop();
    }

    private void Tick()
    {
        foreach (var role in Roles)
        {
            role.Tick();
        }

        if (!_isStopping || !_gateway.IsEmpty)
        {
            return;
        }

        if (!_controlPlane.IsEmpty)
        {
            _controlPlane.Stop();
            return;
        }

        foreach (var client in _stopWaiters)
        {
            client.Succeed("Stopped.");
        }

        _loop.Stop();
    }

    private void WritePlatformFile()
    {
        var path = PlatformStatus.FilePath(_options.StateDirectory);
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(Status() with { Processes = null }, SupervisionJsonContext.Default.PlatformStatus));
        File.Move(path + ".new", path, overwrite: true);
    }

    private PlatformStatus Status() => new(
        ProductVersion.Text,
        Environment.ProcessId,
        _startedAt,
        _options.StateDirectory,
        [.. _sockets.Api.Select(socket => $"http://{socket.Bound.ClientHost}:{socket.Bound.Port}")],
        _sockets.Http?.Bound.ToString(),
        _sockets.Https?.Bound.ToString(),
        _sockets.CleartextHttp2?.Bound.ToString(),
        _options.Domain,
        _options.Region,
        _options.Account,
        _options.Engine,
        StoreLocation.Kind(Environment.GetEnvironmentVariable(SupervisorDefaults.StoreVariable)),
        ServiceManager.IsPresent,
        [.. Roles.Select(Describe)]);

    private static ProcessStatus Describe(Role role) => new(
        role.Name,
        role.Current?.Phase.ToString().ToLowerInvariant() ?? "down",
        role.Current?.Pid,
        role.Current?.StartedAt,
        role.Restarts,
        role.IsCrashLoop,
        role.LastEnd,
        role.LogPath,
        role.LostLogLines);
}
