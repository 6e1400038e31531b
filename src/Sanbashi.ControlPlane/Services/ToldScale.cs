namespace Sanbashi.ControlPlane.Services;

/// <summary>What the event log was last told of the scale of one revision.</summary>
internal sealed class ToldScale
{
    /// <summary>How many instances it was last said to need, and which revision that was.</summary>
    public (int Revision, int Count)? Last { get; set; }

    /// <summary>It was said that the machine lacks memory, and it still does.</summary>
    public bool HasToldLack { get; set; }
}
