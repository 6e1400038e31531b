using Sanbashi.Engines.Docker.Api;

namespace Sanbashi.Engines.Docker.Instances;

/// <summary>
/// Sees whether the init of a fresh container could execute the application. The engine only starts the init, which then fails by itself a millisecond later;
/// asking at once would often be too early, so /proc is watched until the application's program has replaced the init's copy.
/// </summary>
internal sealed class ExecWatch(EngineClient client, TimeProvider time)
{
    /// <summary>An init that takes longer has not failed yet; then the exit event tells.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    /// <summary>Whether any of the containers ended meanwhile, so that its state must be read again.</summary>
    public async Task<bool> WaitForExec(IReadOnlyList<InstancePart> parts, IReadOnlySet<string> fresh, CancellationToken cancellationToken)
    {
        if (!client.Address.IsLocal || !OperatingSystem.IsLinux())
        {
            return false;
        }

        var watched = parts.Where(part => fresh.Contains(part.Id) && part is { IsRunning: true, Details.State.Pid: > 0 }).Select(part => part.Details!.State.Pid);
        var ended = await Task.WhenAll(watched.Select(pid => HasEnded(pid, cancellationToken))).ConfigureAwait(false);
        return ended.Contains(true);
    }

    private async Task<bool> HasEnded(int pid, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < Patience)
        {
            switch (Look(pid))
            {
                case Sight.Executed:
                    return false;
                case Sight.Ended:
                    return true;
            }

            await Task.Delay(Step, time, cancellationToken).ConfigureAwait(false);
        }

        return false;
    }

    private enum Sight
    {
        Waiting,
        Executed,
        Ended,
    }

    private static Sight Look(int pid)
    {
        try
        {
            var init = File.ResolveLinkTarget($"/proc/{pid}/exe", returnFinalTarget: false)?.FullName;
            if (init is null)
            {
                return Sight.Ended;
            }

            if (!init.EndsWith("init", StringComparison.Ordinal) && !init.EndsWith("tini", StringComparison.Ordinal) && !init.EndsWith("catatonit", StringComparison.Ordinal))
            {
                // No init in between: the engine's start has executed the application itself.
                return Sight.Executed;
            }

            var children = File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return children.Any(child => File.ResolveLinkTarget($"/proc/{child}/exe", returnFinalTarget: false)?.FullName is { } program && program != init)
                ? Sight.Executed
                : Sight.Waiting;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return Sight.Ended;
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            // Not root: nothing to be seen.
            return Sight.Executed;
        }
    }
}
