using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;

namespace Sanbashi.ControlPlane.Tests.Api;

public sealed class ServiceLifeTests(ApiHost host) : IClassFixture<ApiHost>
{
    private readonly ApiClient _client = host.NewRegion();

    [Fact]
    public async Task Life_PauseResumeDeployDelete_GoesThroughItsOperations()
    {
        var arn = await _client.CreateRunning("life");
        var named = ApiClient.Named(arn);

        var paused = await _client.Call("PauseService", named);
        (await _client.Operation(paused.Text("OperationId"))).ShouldSatisfyAllConditions(
            operation => operation.Type.ShouldBe(OperationType.PauseService), operation => operation.Revision.ShouldBeNull());
        await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Paused);

        var resumed = await _client.Call("ResumeService", named);
        (await _client.Operation(resumed.Text("OperationId"))).ShouldSatisfyAllConditions(
            operation => operation.Type.ShouldBe(OperationType.ResumeService), operation => operation.Revision.ShouldBe(1));
        await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Running);

        var deployed = await _client.Call("StartDeployment", named);
        deployed.Count.ShouldBe(1);
        (await _client.Operation(deployed.Text("OperationId"))).ShouldSatisfyAllConditions(
            operation => operation.Type.ShouldBe(OperationType.StartDeployment), operation => operation.Revision.ShouldBe(2));
        (await host.Documents.FindRevision(await _client.Service(arn), 2, TestContext.Current.CancellationToken))!.Record.Image.ShouldBeNull();
        await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Running);

        var deleted = await _client.Call("DeleteService", named);
        deleted["Service"]!.Text("Status").ShouldBe("OPERATION_IN_PROGRESS");
        await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Deleted);

        var operations = (await _client.Call("ListOperations", named))["OperationSummaryList"]!.AsArray();
        operations.Select(operation => operation.Text("Type")).ShouldBe(["DELETE_SERVICE", "START_DEPLOYMENT", "RESUME_SERVICE", "PAUSE_SERVICE", "CREATE_SERVICE"]);
        operations.ShouldAllBe(operation => operation.Text("Status") == "SUCCEEDED" && operation.Text("TargetArn") == arn && operation!["EndedAt"] != null);
    }

    [Fact]
    public async Task ResumeService_AfterASettingThatAppliesByDeploymentHasChanged_MakesARevisionWithTheSameImage()
    {
        var arn = await _client.CreateRunning("resettled");
        await _client.Call("PauseService", ApiClient.Named(arn));
        await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Paused);
        await _client.Call("TagResource", new JsonObject
        {
            ["ResourceArn"] = arn,
            ["Tags"] = new JsonArray(new JsonObject { ["Key"] = "sanbashi:stop-timeout", ["Value"] = "7s" }),
        });

        var resumed = await _client.Call("ResumeService", ApiClient.Named(arn));

        var operation = await _client.Operation(resumed.Text("OperationId"));
        (operation.Type, operation.Revision).ShouldBe((OperationType.ResumeService, 2));
        var revision = (await host.Documents.FindRevision(await _client.Service(arn), 2, TestContext.Current.CancellationToken))!.Record;
        revision.Settings.StopTimeout.ShouldBe(TimeSpan.FromSeconds(7));
        revision.ImageOf.ShouldBe(1);

        await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Running);
        await _client.Call("PauseService", ApiClient.Named(arn));
        await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Paused);
        (await _client.Operation((await _client.Call("ResumeService", ApiClient.Named(arn))).Text("OperationId"))).Revision.ShouldBe(2, "nothing has changed since");
    }

    [Fact]
    public async Task Deleted_ForAnHour_CanBeDescribedButNotListedOrChanged()
    {
        var arn = await _client.CreateRunning("gone");
        await _client.Call("DeleteService", ApiClient.Named(arn));
        await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Deleted);

        var described = (await _client.Call("DescribeService", ApiClient.Named(arn)))["Service"]!;
        described.Text("Status").ShouldBe("DELETED");
        described["DeletedAt"].ShouldNotBeNull();
        (await _client.Call("ListServices"))["ServiceSummaryList"]!.AsArray().ShouldBeEmpty();
        foreach (var operation in new[] { "UpdateService", "DeleteService", "PauseService", "ResumeService", "StartDeployment" })
        {
            await _client.NotFound(operation, ApiClient.Named(arn));
        }

        host.Time.Advance(TimeSpan.FromMinutes(59));
        await _client.Call("ListOperations", ApiClient.Named(arn));
        host.Time.Advance(TimeSpan.FromMinutes(2));
        await _client.NotFound("DescribeService", ApiClient.Named(arn));
        await _client.NotFound("ListOperations", ApiClient.Named(arn));
    }

    [Fact]
    public async Task PauseAndResume_WhenAlreadySo_AnswerWithoutAnOperation()
    {
        var arn = await _client.CreateRunning("already");

        var resumed = await _client.Call("ResumeService", ApiClient.Named(arn));
        resumed["Service"]!.Text("Status").ShouldBe("RUNNING");
        resumed.ContainsKey("OperationId").ShouldBeFalse();

        await _client.Call("PauseService", ApiClient.Named(arn));
        await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Paused);
        var paused = await _client.Call("PauseService", ApiClient.Named(arn));
        paused["Service"]!.Text("Status").ShouldBe("PAUSED");
        paused.ContainsKey("OperationId").ShouldBeFalse();
    }

    [Theory]
    [InlineData(ServiceStatus.OperationInProgress)]
    [InlineData(ServiceStatus.Paused)]
    [InlineData(ServiceStatus.CreateFailed)]
    [InlineData(ServiceStatus.DeleteFailed)]
    public async Task StartDeployment_NotRunning_IsRefusedWithTheTextThatPipelinesKnow(ServiceStatus status)
    {
        var arn = await Service($"deploy-{status}", status);

        (await _client.InvalidRequest("StartDeployment", ApiClient.Named(arn))).Message
            .ShouldBe("Can't start a deployment on the specified service, because it isn't in RUNNING state.");
    }

    [Theory]
    [InlineData("PauseService", ServiceStatus.OperationInProgress)]
    [InlineData("PauseService", ServiceStatus.CreateFailed)]
    [InlineData("PauseService", ServiceStatus.DeleteFailed)]
    [InlineData("ResumeService", ServiceStatus.OperationInProgress)]
    [InlineData("ResumeService", ServiceStatus.CreateFailed)]
    [InlineData("DeleteService", ServiceStatus.OperationInProgress)]
    [InlineData("UpdateService", ServiceStatus.DeleteFailed)]
    public async Task Call_InAStateThatForbidsIt_IsAnInvalidState(string operation, ServiceStatus status)
    {
        var arn = await Service($"x-{operation[..6]}-{status}", status);

        var message = (await _client.InvalidState(operation, ApiClient.Named(arn))).Message;

        message.ShouldContain($"because it is in {ApiOutput.UpperSnake(status)} state");
        (await _client.Service(arn)).Status.ShouldBe(status);
    }

    [Theory]
    [InlineData(ServiceStatus.Running)]
    [InlineData(ServiceStatus.Paused)]
    [InlineData(ServiceStatus.CreateFailed)]
    [InlineData(ServiceStatus.DeleteFailed)]
    public async Task Delete_InEveryStableState_Starts(ServiceStatus status)
    {
        var arn = await Service($"del-{status}", status);

        (await _client.Call("DeleteService", ApiClient.Named(arn)))["Service"]!.Text("Status").ShouldBe("OPERATION_IN_PROGRESS");
    }

    [Theory]
    [InlineData("arn:aws:apprunner:{region}:000000000000:service/nobody/0123456789abcdef0123456789abcdef")]
    [InlineData("arn:aws:apprunner:elsewhere-1:000000000000:service/{name}/{id}")]
    [InlineData("arn:aws:apprunner:{region}:111111111111:service/{name}/{id}")]
    [InlineData("arn:aws-cn:apprunner:{region}:000000000000:service/{name}/{id}")]
    [InlineData("arn:aws:apprunner:{region}:000000000000:service/another/{id}")]
    public async Task Arn_ThatNamesNothingHere_IsNotFound(string form)
    {
        var arn = await Service("named", ServiceStatus.Running);
        var other = form.Replace("{region}", _client.Region).Replace("{name}", "named").Replace("{id}", ApiClient.Id(arn));

        foreach (var operation in new[] { "DescribeService", "UpdateService", "DeleteService", "PauseService", "ResumeService", "StartDeployment", "ListOperations" })
        {
            (await _client.NotFound(operation, ApiClient.Named(other))).Message.ShouldContain(other);
        }
    }

    [Theory]
    [InlineData("arn:aws:apprunner:us-east-1:000000000000:service/name")]
    [InlineData("arn:aws:apprunner:us-east-1:000000000000:service/name/id/more")]
    [InlineData("arn:aws:apprunner:us-east-1:000000000000:service/name/")]
    [InlineData("arn:aws:apprunner:us-east-1:000000000000:connection/name/id")]
    [InlineData("arn:aws:s3:us-east-1:000000000000:service/name/id")]
    [InlineData("not-an-arn")]
    public async Task Arn_OfTheWrongForm_IsAnInvalidRequest(string arn)
    {
        await _client.InvalidRequest("DescribeService", ApiClient.Named(arn));
    }

    [Fact]
    public async Task ListServices_InPages_ShowsEachOnceInOrderOfCreation()
    {
        var client = host.NewRegion();
        var arns = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            arns.Add(await client.Create(ApiClient.NewService($"page-{i}")));
        }

        var first = await client.Call("ListServices", new JsonObject { ["MaxResults"] = 2 });
        var second = await client.Call("ListServices", new JsonObject { ["MaxResults"] = 2, ["NextToken"] = first.Text("NextToken") });
        var third = await client.Call("ListServices", new JsonObject { ["MaxResults"] = 2, ["NextToken"] = second.Text("NextToken") });

        new[] { first, second, third }.SelectMany(page => page["ServiceSummaryList"]!.AsArray()).Select(service => service.Text("ServiceArn")).ShouldBe(arns);
        third.ContainsKey("NextToken").ShouldBeFalse();
        (await client.Call("ListServices"))["ServiceSummaryList"]!.AsArray().Count.ShouldBe(5);
        await client.InvalidRequest("ListServices", new JsonObject { ["MaxResults"] = 3, ["NextToken"] = first.Text("NextToken") });
        await client.InvalidRequest("ListServices", new JsonObject { ["MaxResults"] = 21 });
        (await client.Call("ListServices"))["ServiceSummaryList"]![0]!.AsObject().Select(member => member.Key).Order()
            .ShouldBe(["CreatedAt", "ServiceArn", "ServiceId", "ServiceName", "ServiceUrl", "Status", "UpdatedAt"]);
    }

    [Fact]
    public async Task ListOperations_InPages_IsNewestFirst()
    {
        var arn = await _client.CreateRunning("ops-pages");
        for (var i = 0; i < 4; i++)
        {
            await _client.Call("StartDeployment", ApiClient.Named(arn));
            await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Running);
        }

        var all = (await _client.Call("ListOperations", ApiClient.Named(arn)))["OperationSummaryList"]!.AsArray().Select(operation => operation.Text("Id")).ToList();
        var paged = new List<string>();
        string? token = null;
        do
        {
            var input = ApiClient.Named(arn, """{"MaxResults":2}""");
            input["NextToken"] = token;
            var page = await _client.Call("ListOperations", input);
            paged.AddRange(page["OperationSummaryList"]!.AsArray().Select(operation => operation.Text("Id")));
            token = page["NextToken"]?.GetValue<string>();
        }
        while (token is not null);

        all.Count.ShouldBe(5);
        paged.ShouldBe(all);
    }

    [Fact]
    public async Task ListOperations_OfManyOperations_KeepsTheNewest()
    {
        var arn = await _client.CreateRunning("ops-many");
        for (var i = 0; i < 110; i++)
        {
            await _client.Call("PauseService", ApiClient.Named(arn));
            await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Paused);
            await _client.Call("ResumeService", ApiClient.Named(arn));
            await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Running);
        }

        (await _client.Call("ListOperations", ApiClient.Named(arn)))["OperationSummaryList"]!.AsArray().Count.ShouldBe(201);
    }

    /// <summary>A service in some state.</summary>
    private async Task<string> Service(string name, ServiceStatus status)
    {
        var client = _client;
        if (status == ServiceStatus.CreateFailed)
        {
            var failed = await client.Create(ApiClient.NewService(name));
            await client.Finish(failed, OperationStatus.Failed, status);
            return failed;
        }

        var arn = await client.CreateRunning(name);
        if (status == ServiceStatus.Running)
        {
            return arn;
        }

        await client.Call(status == ServiceStatus.DeleteFailed ? "DeleteService" : "PauseService", ApiClient.Named(arn));
        if (status != ServiceStatus.OperationInProgress)
        {
            await client.Finish(arn, status == ServiceStatus.DeleteFailed ? OperationStatus.Failed : OperationStatus.Succeeded, status);
        }

        return arn;
    }
}
