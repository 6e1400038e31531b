using Sanbashi.Cli.Native;

namespace Sanbashi.Cli.Supervision;

/// <summary>
/// One place in the platform (control plane or gateway) and the processes that fill it: the present one, during a hand-over the next one,
/// and those that only finish what they have.
/// </summary>
internal sealed class Role(ChildRecipe recipe, EventLoop loop, RotatingLog log, TimeProvider timeProvider, ISupervisorEvents events) : IDisposable
{
    private readonly RestartPolicy _policy = new();
    private readonly List<ChildProcess> _leaving = [];
    private readonly List<Action<string?>> _handOverWaiters = [];
    private ChildProcess? _replacement;
    private DateTimeOffset? _startAt;
    private DateTimeOffset? _replacementDeadline;
    private bool _isStopping;

    public string Name => recipe.Name;

    public ChildProcess? Current { get; private set; }

    /// <summary>Whether the present process serves.</summary>
    public bool IsReady => Current?.Phase == ChildPhase.Ready;

    /// <summary>Whether some process of this role was ever ready under this supervisor.</summary>
    public bool WasReady { get; private set; }

    /// <summary>Starts after an unwanted end.</summary>
    public int Restarts { get; private set; }

    public bool IsCrashLoop => _policy.IsCrashLoop && !IsReady;

    /// <summary>How the last process that ended unwanted ended.</summary>
    public string? LastEnd { get; private set; }

    public string LogPath => log.FilePath;

    public long LostLogLines => log.Lost;

    public bool IsEmpty => Current is null && _replacement is null && _leaving.Count == 0;

    /// <summary>The program that later starts use.</summary>
    public required string Executable { get; set; }

    public DateTimeOffset? NextDeadline =>
        Processes().Select(process => process.KillAt).Append(_startAt).Append(_replacementDeadline).Where(deadline => deadline is not null).Min();

    public void Start()
    {
        _startAt = null;
        try
        {
            Current = Launch();
        }
        catch (PosixException failure)
        {
            OnUnwantedEnd($"could not be started: {failure.Message}", TimeSpan.Zero, []);
        }
    }

    /// <summary>Replaces the running process by a new one on the same sockets: the old one goes when the new one is ready, and stays if that never happens.</summary>
    /// <param name="done">Told once: null for success, else what went wrong.</param>
    public void HandOver(Action<string?> done)
    {
        if (_isStopping)
        {
            done($"The {Name} is stopping.");
            return;
        }

        _handOverWaiters.Add(done);
        if (_replacement is not null)
        {
            return;
        }

        if (Current is null)
        {
            // Nothing to take over from: what was waiting for its next try is tried now.
            Start();
            return;
        }

        try
        {
            _replacement = Launch();
            events.Say($"A new {Name} (pid {_replacement.Pid}) starts beside the old one (pid {Current.Pid}).");
            _replacementDeadline = timeProvider.GetUtcNow() + SupervisorDefaults.ReplacementTimeout;
        }
        catch (PosixException failure)
        {
            AnswerHandOver($"The new {Name} could not be started: {failure.Message} The old one goes on.");
        }
    }

    /// <summary>Ends all processes of this role: politely now, by force at the deadline.</summary>
    public void Stop()
    {
        _isStopping = true;
        _startAt = null;
        AnswerHandOver($"The {Name} is stopping.");
        foreach (var process in Processes().ToList())
        {
            Dismiss(process, SupervisorDefaults.StopTimeout);
        }
    }

    /// <summary>Ends all processes of this role by force.</summary>
    public void Kill()
    {
        Stop();
        foreach (var process in Processes())
        {
            process.KillAt = timeProvider.GetUtcNow();
        }
    }

    /// <summary>Carries out what is due.</summary>
    public void Tick()
    {
        var now = timeProvider.GetUtcNow();
        foreach (var process in Processes().Where(process => process.KillAt <= now).ToList())
        {
            process.KillAt = null;
            events.Say($"{Name} (pid {process.Pid}) did not stop in time and is killed.");
            process.Signal(Posix.SIGKILL);
        }

        if (_replacementDeadline <= now && _replacement is { } late)
        {
            GiveUpReplacement(late, $"was not ready within {SupervisorDefaults.ReplacementTimeout.TotalSeconds:0} s");
            late.Signal(Posix.SIGKILL);
        }

        if (_startAt <= now)
        {
            Restarts++;
            Start();
        }
    }

    public void Dispose() => log.Dispose();

    private IEnumerable<ChildProcess> Processes()
    {
        if (Current is not null)
        {
            yield return Current;
        }

        if (_replacement is not null)
        {
            yield return _replacement;
        }

        foreach (var process in _leaving)
        {
            yield return process;
        }
    }

    private ChildProcess Launch()
    {
        var process = recipe.Start(Executable, timeProvider.GetUtcNow());
        loop.Watch(process.OutputFd, () => OnOutput(process));
        loop.Watch(process.LinkFd, () => OnWord(process));
        loop.Watch(process.EndFd, () => OnEnd(process));
        return process;
    }

    private void OnOutput(ChildProcess process)
    {
        var isOpen = process.Output.Read(line =>
        {
            process.Remember(line);
            log.Write(line);
            events.Output(Name, line);
        });
        if (!isOpen)
        {
            loop.Forget(process.OutputFd);
        }
    }

    private void OnWord(ChildProcess process)
    {
        if (!process.Link.Read(word => OnWord(process, word)))
        {
            loop.Forget(process.LinkFd);
        }
    }

    private void OnWord(ChildProcess process, string word)
    {
        var space = word.IndexOf(' ');
        switch (space < 0 ? word : word[..space])
        {
            case SupervisorLink.Standby when process.Phase == ChildPhase.Starting:
                process.Phase = ChildPhase.Standby;
                MakeWay(process);
                break;
            case SupervisorLink.Ready when process.Phase is ChildPhase.Starting or ChildPhase.Standby:
                process.Phase = ChildPhase.Ready;
                WasReady = true;
                MakeWay(process);
                if (Current == process)
                {
                    AnswerHandOver(null);
                    events.RoleReady(this);
                }

                break;
            case SupervisorLink.Refused:
                process.Refusal = word[(space + 1)..];
                break;
        }
    }

    /// <summary>The replacement is far enough for the old process to go.</summary>
    private void MakeWay(ChildProcess replacement)
    {
        if (replacement != _replacement)
        {
            return;
        }

        _replacement = null;
        _replacementDeadline = null;
        if (Current is { } old)
        {
            _leaving.Add(old);
            Retire(old);
        }

        Current = replacement;
    }

    private void Retire(ChildProcess process)
    {
        process.Phase = ChildPhase.Stopping;
        process.KillAt = timeProvider.GetUtcNow() + SupervisorDefaults.HandOverTimeout;
        if (!Descriptors.Write(process.LinkFd, SupervisorLink.Retire + "\n"))
        {
            process.Signal(Posix.SIGTERM);
        }
    }

    private void Dismiss(ChildProcess process, TimeSpan timeout)
    {
        process.Phase = ChildPhase.Stopping;
        if (process.KillAt is null || process.KillAt > timeProvider.GetUtcNow() + timeout)
        {
            // Also to one that was retired: there is less time for what it has open now.
            process.Signal(Posix.SIGTERM);
        }

        var killAt = timeProvider.GetUtcNow() + timeout;
        process.KillAt = process.KillAt < killAt ? process.KillAt : killAt;
    }

    private void OnEnd(ChildProcess process)
    {
        var how = process.TryReap();
        if (how is null)
        {
            return;
        }

        // What it printed last is still in the pipe, and explains its end.
        OnOutput(process);
        OnWord(process);
        loop.Forget(process.OutputFd);
        loop.Forget(process.LinkFd);
        loop.Forget(process.EndFd);
        process.CloseDescriptors();

        if (_leaving.Remove(process) || process.Phase == ChildPhase.Stopping)
        {
            if (Current == process)
            {
                Current = null;
            }

            events.Say($"{Name} (pid {process.Pid}) has ended.");
            return;
        }

        if (process == _replacement)
        {
            GiveUpReplacement(process, how);
            _leaving.Remove(process);
            return;
        }

        Current = null;
        if (process.Refusal is { } refusal && !WasReady)
        {
            events.Refused(this, refusal);
            return;
        }

        OnUnwantedEnd(how, timeProvider.GetUtcNow() - process.StartedAt, process.LastLines);
    }

    private void OnUnwantedEnd(string how, TimeSpan lived, IReadOnlyCollection<string> lastLines)
    {
        LastEnd = how;
        if (_replacement is { } next)
        {
            // The old process died while its successor came up: the successor is all there is now.
            Current = next;
            _replacement = null;
            _replacementDeadline = null;
            return;
        }

        var wait = _policy.Ended(lived);
        _startAt = timeProvider.GetUtcNow() + wait;
        if (wait > SupervisorDefaults.HandOverImpatience)
        {
            AnswerHandOver($"The {Name} {how}; it is tried again in {wait.TotalSeconds:0.#} s. Its output is in {LogPath}.");
        }

        events.RoleEnded(this, how, wait, lastLines);
    }

    private void GiveUpReplacement(ChildProcess replacement, string how)
    {
        _replacement = null;
        _replacementDeadline = null;
        replacement.Phase = ChildPhase.Stopping;
        _leaving.Add(replacement);
        var reason = replacement.Refusal is { } refusal ? $"refused: {refusal}" : how;
        AnswerHandOver($"The new {Name} {reason}. The old one goes on. Its output is in {LogPath}.");
    }

    private void AnswerHandOver(string? failure)
    {
        foreach (var waiter in _handOverWaiters.ToList())
        {
            waiter(failure);
        }

        _handOverWaiters.Clear();
    }
}
