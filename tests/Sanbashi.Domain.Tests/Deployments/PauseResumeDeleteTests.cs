using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Routing;
using Sanbashi.Domain.Services;

namespace Sanbashi.Domain.Tests.Deployments;

public sealed class PauseResumeDeleteTests
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(30);

    [Fact]
    public void Plan_APause_TakesTheTrafficAwayBeforeItStopsAnything()
    {
        var pausing = Given.Running().During(OperationType.PauseService, null);

        var plan = pausing.Plan();

        plan.Actions.Count.ShouldBe(1);
        plan.Route().Availability.ShouldBe(RouteAvailability.Paused);
        plan.Route().Instances.ShouldBeEmpty();
        plan.Route().Draining.ShouldHaveSingleItem().InstanceId.ShouldBe("a");
    }

    [Fact]
    public void Plan_APauseWithIdleInstances_StopsThemAndThenSucceeds()
    {
        var pausing = Drained(Given.Running().During(OperationType.PauseService, null));

        pausing.Plan().ShouldBe(new StopInstance("a", StopReason.Retired, StopTimeout));
        var paused = pausing.Without("a");
        paused = paused with { AppliedRoute = paused.AppliedRoute! with { Draining = [] } };
        paused.Plan().ShouldBe(new SettleOperation(OperationStatus.Succeeded, null));
        (paused with { IsPublishing = true }).Plan().ShouldBeNothing();
    }

    [Fact]
    public void Plan_APause_TakesTheFrozenPreviousRevisionAway()
    {
        Given.Switched().During(OperationType.PauseService, null).Plan().Actions.ShouldContain(new StopInstance("a", StopReason.Retired, StopTimeout));
    }

    [Fact]
    public void Plan_APausedService_HasNothingToDo()
    {
        Paused().Plan().ShouldBeNothing();
    }

    [Fact]
    public void Plan_AResume_StartsRoutesAndSucceeds()
    {
        var resuming = Paused().During(OperationType.ResumeService, 1);
        resuming.Plan().ShouldBe(new StartInstance(1));

        resuming.With(Given.Unproven("a", 1)).Plan().ShouldBeNothing();

        var proven = resuming.With(Given.Healthy("a", 1));
        proven.Plan().Route().Availability.ShouldBe(RouteAvailability.Serving);
        (proven with { AppliedRoute = proven.Plan().Route() }).Plan().ShouldBe(new SettleOperation(OperationStatus.Succeeded, null));
    }

    [Fact]
    public void Plan_AResumeWithARevisionOfItsOwn_SwitchesToIt()
    {
        var resuming = Paused().With(Given.Revision(2)).During(OperationType.ResumeService, 2);
        resuming.Plan().ShouldBe(new StartInstance(2));

        var proven = resuming.With(Given.Healthy("b", 2));
        proven.Plan().ShouldBe(new SwitchTraffic(2));

        var switched = proven with { Service = proven.Service with { ActiveRevision = 2, PreviousRevision = 1 } };
        switched.Plan().Route().Instances.ShouldHaveSingleItem().Revision.ShouldBe(2);
        (switched with { AppliedRoute = switched.Plan().Route() }).Plan().ShouldBe(new SettleOperation(OperationStatus.Succeeded, null));
    }

    [Fact]
    public void Plan_AResumeThatFails_LeavesNothingRunning()
    {
        Paused().During(OperationType.ResumeService, 1).WithFailures(1, new StartFailures(3, Given.Now, "exit code 1", false)).Plan()
            .ShouldBe(new SettleOperation(OperationStatus.Failed, "exit code 1"));

        Paused().With(Given.Unproven("a", 1)).Plan().Actions.OfType<StopInstance>().ShouldHaveSingleItem().InstanceId.ShouldBe("a");
    }

    [Fact]
    public void Plan_ADeletion_DrainsStopsAndForgetsTheRoute()
    {
        var deleting = Given.Running().During(OperationType.DeleteService, null);
        deleting.Plan().Route().Instances.ShouldBeEmpty();

        Drained(deleting).Plan().ShouldBe(new StopInstance("a", StopReason.Retired, StopTimeout));
        Drained(deleting).Without("a").Plan().ShouldBe(new RemoveRoute(), new SettleOperation(OperationStatus.Succeeded, null));
    }

    [Fact]
    public void Plan_ADeletionTheEngineRefuses_FailsInTheEnd()
    {
        var refused = Drained(Given.Running().During(OperationType.DeleteService, null)) with { StopRefusals = 5, StopRefusalReason = "device busy." };

        (refused with { StopRefusals = 4 }).Plan().ShouldBe(new StopInstance("a", StopReason.Retired, StopTimeout));
        refused.Plan().ShouldBe(new SettleOperation(
            OperationStatus.Failed,
            "The engine refused 5 times to remove instances: device busy. Delete the service again to retry."));
    }

    [Fact]
    public void Plan_ADeletedService_IsForgottenAfterAnHour()
    {
        var deleted = Paused() with { Service = Given.Service(ServiceStatus.Deleted) with { DeletedAt = Given.Now }, AppliedRoute = null };

        deleted.Plan().ShouldBeNothing();
        deleted.Plan().WakeAt.ShouldBe(Given.Now.AddHours(1));
        deleted.Plan(Given.Now.AddHours(1)).ShouldBe(new Purge());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(60)]
    public void Plan_AnInstanceThatAppearsAfterTheDeletion_IsRemovedBeforeTheServiceIsForgotten(int minutes)
    {
        // A start that the engine had been asked for by a control plane that was killed.
        var deleted = Paused().With(Given.Unproven("late", 1)) with
        {
            Service = Given.Service(ServiceStatus.Deleted) with { DeletedAt = Given.Now.AddMinutes(-minutes) },
            AppliedRoute = null,
        };

        deleted.Plan().Actions.ShouldHaveSingleItem().ShouldBeOfType<StopInstance>().InstanceId.ShouldBe("late");
    }

    [Fact]
    public void Plan_HeldImages_AreReleasedOnceNothingRunsThem()
    {
        var running = Given.Switched() with { HeldRevisions = [1, 3] };

        running.Plan().ShouldBe(new ReleaseImage(3));
    }

    private static ServiceSituation Paused()
    {
        var running = Given.Running();
        return (running with { Service = running.Service with { Status = ServiceStatus.Paused }, Instances = [] }).Routed();
    }

    private static ServiceSituation Drained(ServiceSituation situation) =>
        (situation with { AppliedRoute = situation.Plan().Route() }).With(Given.Healthy("a", 1) with { DrainingSince = Given.Now });
}
