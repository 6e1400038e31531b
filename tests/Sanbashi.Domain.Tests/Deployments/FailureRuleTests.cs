using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Instances;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Settings;
using Sanbashi.Domain.Workloads;

namespace Sanbashi.Domain.Tests.Deployments;

public sealed class FailureRuleTests
{
    [Theory]
    [InlineData(OperationType.StartDeployment, OperationStatus.Failed)]
    [InlineData(OperationType.UpdateService, OperationStatus.RollbackInProgress)]
    public void Plan_WithAnImageThatCannotBeHad_FailsAtOnce(OperationType type, OperationStatus status)
    {
        var situation = Given.Deploying(type: type) with { ImagePreparation = new ImagePreparation(false, "The image app:2 was not found.") };

        situation.Plan().ShouldBe(new SettleOperation(status, "The image app:2 was not found."));
    }

    [Fact]
    public void Plan_AnUpdateOfAServiceThatNeverServed_Fails()
    {
        var situation = Given.Creating().During(OperationType.UpdateService, 1) with { ImagePreparation = new ImagePreparation(false, "no") };

        situation.Plan().ShouldBe(new SettleOperation(OperationStatus.Failed, "no"));
    }

    [Fact]
    public void Plan_WithFailuresBelowTheLimit_TriesAgainAfterABackOff()
    {
        var once = Given.Deploying().WithFailures(2, new StartFailures(1, Given.Now, "exit code 1", false));
        once.Plan().ShouldBe(new StartInstance(2));

        var twice = Given.Deploying().WithFailures(2, new StartFailures(2, Given.Now, "exit code 1", false));
        twice.Plan().ShouldBeNothing();
        twice.Plan().WakeAt.ShouldBe(Given.Now.AddSeconds(1));
        twice.Plan(Given.Now.AddSeconds(1)).ShouldBe(new StartInstance(2));
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(1, true)]
    public void Plan_WithEnoughFailuresOrACertainOne_Fails(int count, bool isCertain)
    {
        Given.Deploying().WithFailures(2, new StartFailures(count, Given.Now, "exit code 127", isCertain)).Plan()
            .ShouldBe(new SettleOperation(OperationStatus.Failed, "exit code 127"));
    }

    [Fact]
    public void Plan_WithAnInstanceThatEndedWhileItIsBeingStarted_WaitsForWhatTheCallTells()
    {
        Given.Deploying().With(Given.Exited("b", 2) with { IsBusy = true }).Plan().ShouldBeNothing();
    }

    [Fact]
    public void Plan_WithFailuresOfAnotherRevision_GoesOn()
    {
        Given.Deploying().WithFailures(1, new StartFailures(3, Given.Now, "exit code 1", false)).Plan().ShouldBe(new StartInstance(2));
    }

    [Fact]
    public void Plan_WithANewInstanceThatBecomesUnhealthy_Fails()
    {
        var settled = Given.Deploying().With(Given.Unhealthy("b", 2)).Plan().Actions.ShouldHaveSingleItem().ShouldBeOfType<SettleOperation>();

        settled.FailureReason.ShouldBe("The health check on protocol `TCP` [Port: '8080'] was answered and then failed: connection refused.");
    }

    [Fact]
    public void Plan_WithAnHttpCheckThatAnswersBadly_FailsWhenTheBudgetIsSpent()
    {
        var since = Given.Now.AddSeconds(-20);
        var situation = Http().With(Given.Unproven("b", 2) with
        {
            Health = new HealthState { Failures = 40, AnswersBadlySince = since, LastProblem = "HTTP 500" },
        });

        situation.Plan().ShouldBeNothing();
        situation.Plan().WakeAt.ShouldBe(since.AddSeconds(25));
        var settled = situation.Plan(since.AddSeconds(25)).Actions.ShouldHaveSingleItem().ShouldBeOfType<SettleOperation>();
        settled.FailureReason.ShouldBe(
            "The health check on protocol `HTTP` [Path: '/health'], [Port: '8080'] failed 40 times in a row: HTTP 500. "
            + "Make the application answer there with a status from 200 to 399, or change the health check.");
    }

    [Fact]
    public void Plan_WithAnApplicationThatIsSilent_FailsAtTheStartTimeout()
    {
        var silent = Given.Unproven("b", 2) with { StartedAt = Given.Now, Health = new HealthState { Failures = 9, LastProblem = "connection refused" } };
        var situation = Given.Deploying().With(silent);

        situation.Plan().WakeAt.ShouldBe(Given.Now.AddMinutes(5));
        var settled = situation.Plan(Given.Now.AddMinutes(5)).Actions.ShouldHaveSingleItem().ShouldBeOfType<SettleOperation>();
        settled.FailureReason!.ShouldStartWith("The health check on protocol `TCP` [Port: '8080'] did not succeed within 300 seconds: connection refused. ");
        settled.FailureReason!.ShouldContain("0.0.0.0");
    }

    [Fact]
    public void Plan_WithAnApplicationOnAnotherPort_FailsAfterAGraceAndNamesThePort()
    {
        var elsewhere = Given.Unproven("b", 2) with { StartedAt = Given.Now, OtherPorts = [3000, 9229], OtherPortsSince = Given.Now.AddSeconds(2) };
        var situation = Given.Deploying().With(elsewhere);

        situation.Plan().WakeAt.ShouldBe(Given.Now.AddSeconds(62));
        var settled = situation.Plan(Given.Now.AddSeconds(62)).Actions.ShouldHaveSingleItem().ShouldBeOfType<SettleOperation>();
        settled.FailureReason.ShouldBe(
            "The application does not listen on port 8080, but on 3000, 9229. "
            + "Set the service's port to 3000, or make the application listen on the port that the variable PORT names.");
    }

    [Fact]
    public void Plan_WithAnotherPortAndAnExplicitStartTimeout_WaitsForThatTimeout()
    {
        var patient = Given.Revision(2) with { Settings = ServiceSettings.Default with { StartTimeout = TimeSpan.FromMinutes(20), StartTimeoutIsExplicit = true } };
        var situation = Given.Deploying().With(patient).With(Given.Unproven("b", 2) with { StartedAt = Given.Now, OtherPorts = [3000], OtherPortsSince = Given.Now });

        situation.Plan().WakeAt.ShouldBe(Given.Now.AddMinutes(20));
        situation.Plan(Given.Now.AddMinutes(20)).Actions.ShouldHaveSingleItem().ShouldBeOfType<SettleOperation>().FailureReason!.ShouldContain("but on 3000");
    }

    [Fact]
    public void Plan_AfterARestart_ProbesAnOldStartBeforeItIsJudged()
    {
        var old = Given.Unproven("b", 2) with { StartedAt = Given.Now.AddMinutes(-30) };
        var restarted = Given.Deploying().With(old) with { WatchedSince = Given.Now };

        restarted.Plan().ShouldBeNothing();
        restarted.Plan().WakeAt.ShouldBe(Given.Now.AddSeconds(30));
        restarted.Plan(Given.Now.AddSeconds(30)).Actions.ShouldHaveSingleItem().ShouldBeOfType<SettleOperation>().Status.ShouldBe(OperationStatus.Failed);
    }

    [Fact]
    public void Plan_AFailedDeployment_KeepsWhatServesAndRemovesWhatDoesNot()
    {
        var failed = Given.Running().With(Given.Revision(2)).With(Given.Unproven("b", 2));

        failed.Plan().ShouldBe(new StopInstance("b", StopReason.DeploymentFailed, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Plan_AnUpdateThatGoesBack_SucceedsInThatWhenItsInstancesAreGone()
    {
        var back = Given.Deploying(type: OperationType.UpdateService).With(Given.Unproven("b", 2));
        back = back with { Operation = back.Operation! with { Status = OperationStatus.RollbackInProgress, FailureReason = "HTTP 500" } };

        back.Plan().ShouldBe(new StopInstance("b", StopReason.DeploymentFailed, TimeSpan.FromSeconds(30)));
        back.Without("b").Plan().ShouldBe(new SettleOperation(OperationStatus.RollbackSucceeded, "HTTP 500"));
    }

    [Fact]
    public void BackOff_ByFailures_DoublesUpToAMinute()
    {
        Enumerable.Range(0, 10).Select(DeploymentDefaults.BackOff).Select(time => time.TotalSeconds).ShouldBe([0, 0, 1, 2, 4, 8, 16, 32, 60, 60]);
    }

    private static ServiceSituation Http()
    {
        var situation = Given.Deploying();
        var revision = Given.Revision(2);
        return situation.With(revision with { Definition = revision.Definition with { HealthCheck = new HealthCheck { Protocol = HealthCheckProtocol.Http, Path = "/health" } } });
    }
}
