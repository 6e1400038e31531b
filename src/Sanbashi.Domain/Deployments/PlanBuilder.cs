using Sanbashi.Domain.Scaling;

namespace Sanbashi.Domain.Deployments;

/// <summary>Collects actions and the earliest moment at which time alone changes the plan.</summary>
internal sealed class PlanBuilder(DateTimeOffset now)
{
    private readonly List<PlannedAction> _actions = [];
    private DateTimeOffset? _wakeAt;

    public DateTimeOffset Now => now;

    public void Add(PlannedAction action) => _actions.Add(action);

    /// <summary>True when the moment has come; otherwise remembers to plan again then.</summary>
    public bool IsDue(DateTimeOffset moment)
    {
        if (moment <= now)
        {
            return true;
        }

        _wakeAt = _wakeAt is { } earlier && earlier < moment ? earlier : moment;
        return false;
    }

    /// <summary>How many instances the serving revision shall have.</summary>
    public ScaleDecision? Scale { get; set; }

    /// <summary>How many instances the canary shall have.</summary>
    public ScaleDecision? CanaryScale { get; set; }

    public ServicePlan Build() => new(_actions, _wakeAt) { Scale = Scale, CanaryScale = CanaryScale };
}
