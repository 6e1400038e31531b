using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Scaling;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Tests.Deployments;

namespace Sanbashi.Domain.Tests.Scaling;

/// <summary>Instances that are made but not started: there before they are needed, used first, gone with what they were made for.</summary>
public sealed class StandbyTests
{
    private static readonly DateTimeOffset _now = Given.Now;

    [Fact]
    public void Plan_ServiceAtZero_KeepsOneInstanceReady() => AtZero().Plan().ShouldBe(new PrepareInstance(1));

    [Fact]
    public void Plan_ServiceAtZeroThatHasIt_HasNothingToDo() => AtZero().With(Ready("s")).Plan().ShouldBeNothing();

    [Fact]
    public void Plan_OneBeingMadeAlready_MakesNoOther() => AtZero().With(Ready("s") with { IsBusy = true }).Plan().ShouldBeNothing();

    [Fact]
    public void Plan_Request_StartsWhatStandsBy() =>
        Called(AtZero().With(Ready("s"))).Plan().ShouldBe(new StartInstance(1, "s"));

    [Fact]
    public void Plan_RequestWhileItIsBeingMade_DoesNotWaitForIt() =>
        Called(AtZero().With(Ready("s") with { IsBusy = true })).Plan().ShouldBe(new StartInstance(1));

    [Fact]
    public void Plan_Burst_UsesWhatStandsByAndMakesTheRestAnew()
    {
        var busy = With(Given.Running(), 2);
        busy = busy with { Demand = new ServiceDemand { InFlight = 100, Waiting = 350, KnownSince = _now.AddHours(-1) } };

        var plan = busy.With(busy.Instances[0] with { InFlight = 100 }).With(Ready("s")).With(Ready("t")).Plan();

        plan.Actions.ShouldBe([new StartInstance(1, "s"), new StartInstance(1, "t"), new StartInstance(1), new StartInstance(1)]);
    }

    [Fact]
    public void Plan_WhileInstancesAreStarting_MakesNoneReady() =>
        With(Given.Running(2), 1).Without("b").With(Given.Unproven("c", 1) with { Phase = InstancePhase.Starting, IsBusy = true }).Plan().Actions.OfType<PrepareInstance>().ShouldBeEmpty();

    [Fact]
    public void Plan_ByDefault_NothingStandsByWhereSomethingAlwaysRuns() => Given.Running().Plan().ShouldBeNothing();

    [Fact]
    public void Plan_AtMaxSize_NothingMoreStandsBy()
    {
        // The configuration of these situations allows 25 instances.
        var full = With(Given.Running(), 3);
        full = full with { Demand = new ServiceDemand { InFlight = 2500, KnownSince = _now.AddHours(-1) } };

        full.With(Ready("s")).Plan().Actions.OfType<StopInstance>().ShouldBeEmpty();
        full.Plan().Actions.OfType<PrepareInstance>().ShouldBeEmpty();
    }

    [Fact]
    public void Plan_SettingTakenBack_RemovesWhatStandsBy() =>
        With(Given.Running(), 0).With(Ready("s")).Plan().ShouldBe(new StopInstance("s", StopReason.Retired, TimeSpan.FromSeconds(30)));

    [Fact]
    public void Plan_OlderRevision_RemovesWhatStandsBy() =>
        With(Given.Switched(), 1).With(Ready("s")).Plan().Actions.ShouldContain(new StopInstance("s", StopReason.Retired, TimeSpan.FromSeconds(30)));

    [Fact]
    public void Plan_Pause_RemovesWhatStandsBy() =>
        With(Given.Running(), 1).With(Ready("s")).During(OperationType.PauseService, null).Plan().Actions.ShouldContain(new StopInstance("s", StopReason.Retired, TimeSpan.FromSeconds(30)));

    [Fact]
    public void Plan_Deployment_KeepsWhatStandsByAndMakesNone()
    {
        var deploying = With(Given.Deploying(), 2);

        deploying.Plan().Actions.ShouldNotContain(new PrepareInstance(1));
        deploying.With(Ready("s")).Plan().Actions.ShouldNotContain(new StopInstance("s", StopReason.Retired, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Plan_AfterItCouldNotBeMade_WaitsBeforeTheNextAttempt()
    {
        var resting = AtZero() with { StandbyRestUntil = _now + ScalingDefaults.StandbyRest };

        var plan = resting.Plan();

        plan.Actions.ShouldBeEmpty();
        plan.WakeAt.ShouldBe(_now + ScalingDefaults.StandbyRest);
        resting.Plan(_now + ScalingDefaults.StandbyRest).ShouldBe(new PrepareInstance(1));
    }

    private static ObservedInstance Ready(string id) => Given.Unproven(id, 1) with { Phase = InstancePhase.Standby };

    private static ServiceSituation With(ServiceSituation situation, int standby) => situation with { Settings = situation.Settings with { Standby = standby } };

    private static ServiceSituation Called(ServiceSituation situation) => situation with { Demand = situation.Demand with { Waiting = 50 } };

    private static ServiceSituation AtZero()
    {
        var gone = Given.Running().Without("a");
        gone = gone with { Settings = gone.Settings with { MinSize = 0 }, Demand = new ServiceDemand { KnownSince = _now.AddHours(-1) } };
        return gone with { AppliedRoute = gone.Plan().Route() };
    }
}
