using System.Runtime.InteropServices;

namespace Sanbashi.ControlPlane.Instances;

/// <summary>In which instances commands run that people have started.</summary>
public sealed class InstanceUse
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _commands = new(StringComparer.Ordinal);

    public bool IsUsed(string instanceId)
    {
        lock (_gate)
        {
            return _commands.ContainsKey(instanceId);
        }
    }

    /// <param name="onEnd">Called once, after the use has ended.</param>
    public IDisposable Begin(string instanceId, Action onEnd)
    {
        lock (_gate)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_commands, instanceId, out _)++;
        }

        return new Use(this, instanceId, onEnd);
    }

    private void End(string instanceId)
    {
        lock (_gate)
        {
            if (--CollectionsMarshal.GetValueRefOrAddDefault(_commands, instanceId, out _) == 0)
            {
                _commands.Remove(instanceId);
            }
        }
    }

    private sealed class Use(InstanceUse uses, string instanceId, Action onEnd) : IDisposable
    {
        private int _isOver;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isOver, 1) == 0)
            {
                uses.End(instanceId);
                onEnd();
            }
        }
    }
}
