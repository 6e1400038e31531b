namespace Sanbashi.Domain.Metrics;

/// <summary>What is looked at again and again, in the order in which it is stored: new ones come at the end.</summary>
public enum MetricGauge
{
    /// <summary>Requests on instances, once a second.</summary>
    InFlight,

    /// <summary>Requests that wait for capacity, once a second.</summary>
    Waiting,

    /// <summary>Instances that run, frozen ones not among them; once in ten seconds, as those below.</summary>
    Active,

    Frozen,

    /// <summary>Instances that are being started or stopped, or have ended.</summary>
    Other,

    /// <summary>Part of the processors that an instance may use; each instance that runs is a sample.</summary>
    Cpu,

    /// <summary>Part of the memory that an instance may use; each instance that runs is a sample.</summary>
    Memory,
}
