using System.Globalization;
using System.Net;
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

    private static readonly string[] Inits = ["docker-init", "tini", "catatonit", "podman-init"];

    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(1);

    /// <summary>Whether any of the containers ended meanwhile, so that its state must be read again.</summary>
    public async Task<bool> WaitForExec(IReadOnlyList<InstancePart> parts, IReadOnlySet<string> fresh, CancellationToken cancellationToken)
    {
        if (!client.Address.IsLocal || !OperatingSystem.IsLinux())
        {
            return false;
        }

        var watched = parts.Where(part => fresh.Contains(part.Id) && part is { IsRunning: true, Details.State.Pid: > 0 });
        var ended = await Task.WhenAll(watched.Select(part => HasEnded(part, cancellationToken))).ConfigureAwait(false);
        return ended.Contains(true);
    }

    private async Task<bool> HasEnded(InstancePart part, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < Patience)
        {
            switch (Look(part.Details!.State.Pid))
            {
                case Sight.Executed:
                    return false;
                case Sight.Ended:
                    // The engine learns of it a moment after the kernel.
                    await client.Do(
                        EngineCall.Post("container.wait", $"/containers/{part.Id}/wait?condition=not-running") with { Tolerates = [HttpStatusCode.NotFound] }, cancellationToken)
                        .ConfigureAwait(false);
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
            if (ProgramOf(pid) is not { } init)
            {
                return Sight.Ended;
            }

            if (!Inits.Any(name => init.EndsWith(name, StringComparison.Ordinal)))
            {
                // No init in between: the engine's start has executed the application itself.
                return Sight.Executed;
            }

            var children = File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return children.Any(child => ProgramOf(int.Parse(child, CultureInfo.InvariantCulture)) is { } program && program != init) ? Sight.Executed : Sight.Waiting;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return Sight.Ended;
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or IOException)
        {
            // Not root, or a kernel without this file: nothing to be seen.
            return Sight.Executed;
        }
    }

    /// <summary>Null for a process that has ended.</summary>
    private static string? ProgramOf(int pid)
    {
        try
        {
            return File.ResolveLinkTarget($"/proc/{pid}/exe", returnFinalTarget: false)?.FullName;
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
