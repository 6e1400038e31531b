using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Tests.Api;
using Sanbashi.ControlPlane.Tests.Identity;
using Sanbashi.Domain.Deployments;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Operations;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Settings;
using Sanbashi.Domain.Workloads;

namespace Sanbashi.ControlPlane.Tests.Secrets;

public sealed class ServiceSecretsTests(ApiHost host) : IClassFixture<ApiHost>
{
    private const string Old = "11111111-1111-1111-1111-111111111111";

    private readonly ApiClient _client = host.NewRegion();

    private SecretsClient Secrets => new(host.Endpoint, host.Http, _client.Region);

    private ResourceScope Scope => _client.Scope;

    [Fact]
    public async Task Resolve_EachForm_PinsVersionAndKey()
    {
        var arn = (string)(await Secrets.Call("CreateSecret", $$"""{"Name":"db","SecretString":"{\"user\":\"old\",\"port\":5432}","ClientRequestToken":"{{Old}}"}"""))["ARN"]!;
        await Secrets.Call("PutSecretValue", """{"SecretId":"db","SecretString":"{\"user\":\"new\",\"port\":5433}"}""");

        var pinned = await Resolve(
            ("WHOLE", arn), ("PARTIAL", arn[..^7]), ("USER", $"{arn}:user"), ("PORT_", $"{arn}:port::"), ("BEFORE", $"{arn}:user:AWSPREVIOUS:"), ("EXACT", $"{arn}:user::{Old}"));
        var values = await host.Secrets.ForServices.Read(Scope, pinned, TestContext.Current.CancellationToken);

        values.ShouldBe(
            new Dictionary<string, string>
            {
                ["WHOLE"] = """{"user":"new","port":5433}""",
                ["PARTIAL"] = """{"user":"new","port":5433}""",
                ["USER"] = "new",
                ["PORT_"] = "5433",
                ["BEFORE"] = "old",
                ["EXACT"] = "old",
            },
            ignoreOrder: true);
        pinned["EXACT"].ShouldBe(new PinnedSecret($"{arn}:user::{Old}", arn, Old, "user"));

        // A new value changes nothing for a revision that is deployed.
        await Secrets.Call("PutSecretValue", """{"SecretId":"db","SecretString":"{}"}""");
        (await host.Secrets.ForServices.Read(Scope, pinned, TestContext.Current.CancellationToken))["USER"].ShouldBe("new");
    }

    [Fact]
    public async Task Resolve_EachFormOfAParameter_PinsItsVersion()
    {
        await Secrets.Ssm("PutParameter", """{"Name":"/shop/db","Value":"one","Type":"SecureString"}""");
        await Secrets.Ssm("PutParameter", """{"Name":"word","Value":"a,b","Type":"StringList"}""");
        await Secrets.Ssm("LabelParameterVersion", """{"Name":"/shop/db","ParameterVersion":1,"Labels":["first"]}""");
        await Secrets.Ssm("PutParameter", """{"Name":"/shop/db","Value":"two","Overwrite":true}""");
        var arn = $"arn:aws:ssm:{Scope.Region}:{Scope.Account}:parameter/shop/db";

        var pinned = await Resolve(("NAME", "/shop/db"), ("ARN", arn), ("NUMBER", "/shop/db:1"), ("LABEL", $"{arn}:first"), ("WORD", "word"));
        await Secrets.Ssm("PutParameter", """{"Name":"/shop/db","Value":"three","Overwrite":true}""");

        (await host.Secrets.ForServices.Read(Scope, pinned, TestContext.Current.CancellationToken)).ShouldBe(
            new Dictionary<string, string> { ["NAME"] = "two", ["ARN"] = "two", ["NUMBER"] = "one", ["LABEL"] = "one", ["WORD"] = "a,b" }, ignoreOrder: true);
        (await Unreadable(("V", "/shop/none"))).ShouldBe("The secret variable V could not be read: ssm:GetParameters of /shop/none failed, there is no such parameter. Create it, or correct the reference.");
        (await Unreadable(("V", "/shop/db:9"))).ShouldContain("could not find version 9 of /shop/db");
        (await Unreadable(("V", arn.Replace("000000000000", "111111111111")))).ShouldContain("another account");

        // Made again under its name it is another one, though its numbers begin anew.
        await Secrets.Ssm("DeleteParameter", """{"Name":"/shop/db"}""");
        await Secrets.Ssm("PutParameter", """{"Name":"/shop/db","Value":"other","Type":"String"}""");
        (await Should.ThrowAsync<ServiceSecretException>(() => host.Secrets.ForServices.Read(Scope, pinned, TestContext.Current.CancellationToken))).Message.ShouldContain("Deploy again.");
    }

    [Fact]
    public async Task Resolve_WhatCannotBeRead_NamesVariableActionAndReference()
    {
        var arn = await Secrets.Create("plain", "hush");
        await Secrets.Call("CreateSecret", """{"Name":"binary","SecretBinary":"AQI="}""");
        await Secrets.Call("CreateSecret", """{"Name":"empty"}""");
        await Secrets.Create("leaving", "x");
        await Secrets.Call("DeleteSecret", """{"SecretId":"leaving"}""");
        var prefix = arn[..arn.IndexOf("plain", StringComparison.Ordinal)];

        (await Refused($"{prefix}nowhere")).ShouldStartWith($"The secret variable V could not be read: secretsmanager:GetSecretValue of {prefix}nowhere failed, there is no such secret.");
        (await Refused($"{prefix}binary")).ShouldContain("its value is binary");
        (await Refused($"{prefix}empty")).ShouldContain("no version has the staging label AWSCURRENT");
        (await Refused($"{prefix}leaving")).ShouldContain("marked for deletion");
        (await Refused($"{arn}::AWSPENDING")).ShouldContain("no version has the staging label AWSPENDING");
        (await Refused($"{arn}:::{Old}")).ShouldContain($"has no version {Old}");
        (await Refused($"{arn}:user")).ShouldContain("is no JSON object");
        (await Refused(arn.Replace("000000000000", "111111111111"))).ShouldContain("another account");
        (await Refused($"{arn}:user")).ShouldNotContain("hush");
        await Secrets.Call("PutSecretValue", """{"SecretId":"plain","SecretString":"{\"a\":1}"}""");
        (await Refused($"{arn}:user")).ShouldContain("its JSON has no key 'user'");

        Task<string> Refused(string reference) => Unreadable(("V", reference));
    }

    [Fact]
    public async Task Resolve_WithARole_ReadsWhatTheRoleMay()
    {
        var lab = new IdentityLab(host);
        var (open, closed) = (await Secrets.Create("role/open", "hush"), await Secrets.Create("role/closed", "hush"));
        var name = $"reader-{_client.Region}";
        var role = $"arn:aws:iam::000000000000:role/{name}";
        (await Refused(open)).ShouldContain($"Error in assuming instance role {role}: there is no such role.");
        await lab.Role(name, IdentityLab.TrustsTasks, $$"""{"Effect":"Allow","Action":"secretsmanager:GetSecretValue","Resource":"{{open}}"}""");

        (await ResolveAs(role, ("V", open), ("PARTIAL", open[..^7])))["V"].Arn.ShouldBe(open);
        var refusal = await Refused(closed);

        refusal.ShouldStartWith($"The secret variable V could not be read: secretsmanager:GetSecretValue of {closed} failed, ");
        refusal.ShouldContain($"assumed-role/{name}/apprunner-deployment is not authorized to perform: secretsmanager:GetSecretValue on resource: {closed} because");
        refusal.ShouldEndWith($"It is read as the instance role {role}.");
        (await Refused(closed.Replace("closed", "none"))).ShouldContain("is not authorized");
        (await Refused("some-parameter")).ShouldContain($"to perform: ssm:GetParameters on resource: arn:aws:ssm:{_client.Region}:000000000000:parameter/some-parameter because");

        // A secret's own policy counts too.
        await Secrets.Call("PutResourcePolicy", new JsonObject
        {
            ["SecretId"] = open,
            ["ResourcePolicy"] = IdentityLab.Policy($$"""{"Effect":"Deny","Principal":{"AWS":"{{role}}"},"Action":"secretsmanager:GetSecretValue","Resource":"*"}"""),
        });
        (await Refused(open)).ShouldContain("with an explicit deny in a resource-based policy");

        async Task<string> Refused(string reference) => (await Should.ThrowAsync<ServiceSecretException>(() => ResolveAs(role, ("V", reference)))).Message;
    }

    [Fact]
    public async Task CreateService_WithSecrets_ShowsReferencesAndStoresNoValue()
    {
        var arn = await Secrets.Create("shown", "planted-value-1");
        var input = ApiClient.NewService("sealed");
        input["SourceConfiguration"]!["ImageRepository"]!["ImageConfiguration"] = new JsonObject { ["RuntimeEnvironmentSecrets"] = new JsonObject { ["PASSWORD"] = arn } };

        var service = (await _client.Call("CreateService", input))["Service"]!;

        ((string)service["SourceConfiguration"]!["ImageRepository"]!["ImageConfiguration"]!["RuntimeEnvironmentSecrets"]!["PASSWORD"]!).ShouldBe(arn);
        var stored = await _client.Service((string)service["ServiceArn"]!);
        stored.Definition.Image.EnvironmentSecrets["PASSWORD"].ShouldBe(arn);
    }

    [Fact]
    public async Task RollbackService_WhenASecretHasChanged_MakesARevisionWithTheSameImage()
    {
        var secret = await Secrets.Create("turned", "one");
        var arn = await _client.CreateRunning("back");
        var service = await _client.Stored(arn);
        var definition = service.Record.Definition with { Image = service.Record.Definition.Image with { EnvironmentSecrets = new Dictionary<string, string> { ["P"] = secret } } };
        var first = (await host.Documents.FindRevision(service.Record, 1, TestContext.Current.CancellationToken))!;
        var pinned = first.Record with { Definition = definition, Image = new PinnedImage("sha256:1", null, "app:1"), Secrets = await Resolve(("P", secret)) };
        await host.Store.Commit(
            [
                ServiceDocuments.Write(Scope, pinned, null),
                ServiceDocuments.Write(Scope, pinned with { Number = 2 }, 0),
                ServiceDocuments.Write(service.Record with { ActiveRevision = 2, PreviousRevision = 1, LastRevision = 2 }, service.Version),
            ],
            TestContext.Current.CancellationToken);

        var same = (string)(await _client.Extension("RollbackService", ApiClient.Named(arn)))["OperationId"]!;
        (await _client.Operation(same)).Revision.ShouldBe(1);
        await _client.Finish(arn, OperationStatus.Succeeded, ServiceStatus.Running);
        service = await _client.Stored(arn);
        await host.Store.Commit([ServiceDocuments.Write(service.Record with { ActiveRevision = 2, PreviousRevision = 1 }, service.Version)], TestContext.Current.CancellationToken);
        await Secrets.Call("PutSecretValue", """{"SecretId":"turned","SecretString":"two"}""");

        var other = (string)(await _client.Extension("RollbackService", ApiClient.Named(arn)))["OperationId"]!;

        (await _client.Operation(other)).Revision.ShouldBe(3);
        (await host.Documents.FindRevision((await _client.Service(arn)), 3, TestContext.Current.CancellationToken))!.Record.ImageOf.ShouldBe(1);
    }

    [Fact]
    public async Task InstanceSpec_OfARevisionWithSecrets_HasThemAsVariables()
    {
        var arn = await _client.CreateRunning("spec");
        var revision = (await host.Documents.FindRevision(await _client.Service(arn), 1, TestContext.Current.CancellationToken))!.Record with { Image = new PinnedImage("sha256:1", null, "app:1") };

        var spec = InstanceSpecs.Of(revision, new Dictionary<string, string> { ["PASSWORD"] = "hush" });

        spec.Containers[0].Environment["PASSWORD"].ShouldBe("hush");
        spec.ToString().ShouldNotContain("hush");
        spec.Containers[0].ToString().ShouldNotContain("hush");
    }

    [Fact]
    public async Task InstanceSpec_WithSecretsAsFiles_HasNoValueInItsVariables()
    {
        var arn = await _client.CreateRunning("spec-files");
        var stored = (await host.Documents.FindRevision(await _client.Service(arn), 1, TestContext.Current.CancellationToken))!.Record;
        var image = stored.Definition.Image with { EnvironmentVariables = new Dictionary<string, string> { ["OWN_FILE"] = "/mine" } };
        var revision = stored with
        {
            Image = new PinnedImage("sha256:1", null, "app:1"),
            Definition = stored.Definition with { Image = image },
            Settings = stored.Settings with { SecretsAs = SecretsAs.Files },
        };

        var spec = InstanceSpecs.Of(revision, new Dictionary<string, string> { ["PASSWORD"] = "hush", ["OWN"] = "hush" });

        spec.SecretFiles["PASSWORD"].ShouldBe("hush");
        var variables = spec.Containers[0].Environment;
        variables["PASSWORD_FILE"].ShouldBe("/run/secrets/PASSWORD");
        variables["OWN_FILE"].ShouldBe("/mine");
        variables.Values.ShouldNotContain("hush");
        variables.Keys.ShouldNotContain("PASSWORD");
        spec.ToString().ShouldNotContain("hush");
        Should.Throw<FormatException>(() => InstanceSpecs.Of(revision, new Dictionary<string, string> { ["a/b"] = "hush" })).Message.ShouldContain("'a/b'");
    }

    private async Task<string> Unreadable((string Variable, string Reference) reference) => (await Should.ThrowAsync<ServiceSecretException>(() => Resolve(reference))).Message;

    private Task<IReadOnlyDictionary<string, PinnedSecret>> Resolve(params (string Variable, string Reference)[] references) => ResolveAs(null, references);

    private Task<IReadOnlyDictionary<string, PinnedSecret>> ResolveAs(string? role, params (string Variable, string Reference)[] references)
    {
        var definition = new ServiceDefinition
        {
            Image = new ImageSource
            {
                Identifier = "app:1",
                RepositoryType = "ECR_PUBLIC",
                EnvironmentSecrets = references.ToDictionary(reference => reference.Variable, reference => reference.Reference),
            },
            AutoScalingConfigurationArn = "",
            InstanceRoleArn = role,
        };
        var service = new ServiceRecord
        {
            Scope = Scope,
            Id = "0123456789abcdef0123456789abcdef",
            Name = "reader",
            HostLabel = "reader",
            Status = ServiceStatus.OperationInProgress,
            CreatedAt = host.Time.GetUtcNow(),
            UpdatedAt = host.Time.GetUtcNow(),
            Definition = definition,
        };
        return host.Secrets.ForServices.Resolve(service, definition, TestContext.Current.CancellationToken);
    }
}
