namespace Sanbashi.ControlPlane.Instances;

/// <summary>Application output of instances.</summary>
public interface IInstanceLogs
{
    /// <summary>Begins (or goes on) to collect what the instance's containers write.</summary>
    void Follow(string instanceId, string serviceId, IReadOnlyList<string> containers);

    /// <summary>Reads what is left of an instance that has ended or is about to be removed; bounded in time.</summary>
    Task Finish(string instanceId, CancellationToken cancellationToken);

    /// <summary>The newest lines, oldest first.</summary>
    Task<IReadOnlyList<string>> LastLines(string serviceId, string instanceId, int count, CancellationToken cancellationToken);
}
