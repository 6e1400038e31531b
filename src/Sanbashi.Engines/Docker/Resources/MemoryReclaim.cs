using Sanbashi.Engines.Docker.Instances;

namespace Sanbashi.Engines.Docker.Resources;

/// <summary>Gives back what memory of frozen containers the kernel can take, through the files of their control groups: engines have no call for it.</summary>
internal sealed class MemoryReclaim(InstanceReader reader, bool isEngineHere)
{
    public async Task<long> Reclaim(string instanceId, CancellationToken cancellationToken)
    {
        var bytes = 0L;
        foreach (var id in isEngineHere ? await reader.ContainerIds(instanceId, cancellationToken).ConfigureAwait(false) : [])
        {
            if (await reader.Details(id, cancellationToken).ConfigureAwait(false) is { State: { Paused: true, Pid: > 0 } state } && ControlGroup.Find(state.Pid, id) is { } group)
            {
                // The write ends when the kernel is done, which may take as long as its swap does.
                bytes += await Task.Run(group.Reclaim, cancellationToken).ConfigureAwait(false);
            }
        }

        return bytes;
    }
}
