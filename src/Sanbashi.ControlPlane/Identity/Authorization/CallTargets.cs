using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Parameters;
using Sanbashi.Domain.Secrets;
using Sanbashi.Domain.Settings;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Identity.Authorization;

/// <summary>
/// Which permissions a call takes. Each operation takes the action of its own name; what it is about is found by its input's members: an ARN as it is, a name
/// by the table of its service. A service that is in no table is answered to the root and to those who may do its action on everything.
/// </summary>
internal static class CallTargets
{
    /// <summary>Where the name in actions is not the one in signatures.</summary>
    private static readonly FrozenDictionary<string, string> _prefixes = new Dictionary<string, string>
    {
        ["monitoring"] = "cloudwatch",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>By service: the members that name what a call is about, and the ARN's form. The first one that is given counts.</summary>
    private static readonly FrozenDictionary<string, IReadOnlyList<(string Member, string Form)>> _names = new Dictionary<string, IReadOnlyList<(string, string)>>
    {
        ["apprunner"] =
        [
            ("ServiceArn", "{0}"),
            ("ResourceArn", "{0}"),
            ("ServiceName", "service/{0}/*"),
            ("AutoScalingConfigurationName", "autoscalingconfiguration/{0}/*"),
            ("AutoScalingConfigurationArn", "{0}"),
            ("ConnectionName", "connection/{0}/*"),
            ("ConnectionArn", "{0}"),
            ("ObservabilityConfigurationName", "observabilityconfiguration/{0}/*"),
            ("ObservabilityConfigurationArn", "{0}"),
            ("VpcConnectorName", "vpcconnector/{0}/*"),
            ("VpcConnectorArn", "{0}"),
            ("VpcIngressConnectionName", "vpcingressconnection/{0}/*"),
            ("VpcIngressConnectionArn", "{0}"),
        ],
        ["sanbashi"] = [("ServiceArn", "{0}"), ("ResourceArn", "{0}")],
        ["logs"] = [("logGroupIdentifier", "log-group:{0}:*"), ("logGroupName", "log-group:{0}:*"), ("resourceArn", "{0}")],
        ["secretsmanager"] = [("SecretId", "secret:{0}"), ("Name", "secret:{0}")],
        ["ssm"] = [("Name", "parameter/{0}"), ("Names", "parameter/{0}"), ("Path", "parameter/{0}"), ("ResourceId", "parameter/{0}")],
        ["monitoring"] = [("AlarmName", "alarm:{0}"), ("AlarmNames", "alarm:{0}"), ("DashboardName", "dashboard/{0}"), ("ResourceARN", "{0}")],
        ["iam"] = [("RoleName", "role{1}{0}"), ("GroupName", "group{1}{0}"), ("UserName", "user{1}{0}"), ("PolicyArn", "{0}"), ("PolicySourceArn", "{0}"), ("PolicyName", "policy{1}{0}")],
        ["sts"] = [("RoleArn", "{0}")],

        // By NetworkTargets.
        ["ec2"] = [],
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Everybody may ask these: they tell nothing but who one is.</summary>
    private static readonly FrozenSet<string> _free = new[] { "sts:GetCallerIdentity", "sts:GetSessionToken" }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether the table has the service with this name in signatures.</summary>
    public static bool Knows(string signingName) => _names.ContainsKey(signingName);

    /// <summary>Whether everybody may.</summary>
    public static bool IsFree(string action) => _free.Contains(action);

    public static string Action(ServiceModel model, string operation) => $"{_prefixes.GetValueOrDefault(model.SigningName, model.SigningName)}:{operation}";

    /// <param name="caller">Who calls: some operations without a name are about the caller.</param>
    public static IReadOnlyList<CallTarget> Of(ApiCall call, Caller caller, IdentitySnapshot snapshot)
    {
        var action = Action(call.Model, call.Operation);
        var resources = Resources(call, caller, snapshot);
        var targets = resources.Select(resource => new CallTarget(action, resource)).ToList();
        if (call.Model.SigningName == "apprunner")
        {
            AddSettings(call, resources[0], targets);
            AddRoles(call, targets);
            AddServiceSecrets(call, resources[0], targets);
        }

        if (call.Model.SigningName == "ec2" && NetworkTargets.HasTags(call))
        {
            targets.Add(new CallTarget("ec2:CreateTags", resources[0]));
        }

        if (action == "secretsmanager:BatchGetSecretValue")
        {
            AddSecrets(call, snapshot, targets);
        }

        // Tags of a session are given by another permission of the same role.
        if (action == "sts:AssumeRole" && call.Input.Objects("Tags") is { Count: > 0 })
        {
            targets.Add(new CallTarget("sts:TagSession", resources[0]));
        }

        return targets;
    }

    private static IReadOnlyList<string> Resources(ApiCall call, Caller caller, IdentitySnapshot snapshot)
    {
        foreach (var (member, form) in _names.GetValueOrDefault(call.Model.SigningName) ?? [])
        {
            IReadOnlyList<string> names = call.Input[member] switch
            {
                JsonArray list => [.. list.OfType<JsonValue>().Select(value => value.GetValue<string>())],
                JsonValue value when value.TryGetValue<string>(out var text) => [text],
                _ => [],
            };
            if (names.Count > 0)
            {
                return [.. names.Select(name => Arn(call, form, name, snapshot))];
            }
        }

        if (call.Model.SigningName == "ec2")
        {
            return NetworkTargets.Of(call);
        }

        // Policies for logs name groups, also for what is about all of them.
        if (call.Model.SigningName == "logs")
        {
            return [$"arn:aws:logs:{call.Region}:{call.Account}:log-group:*"];
        }

        if (call.Model.SigningName == "ssm")
        {
            return [$"arn:aws:ssm:{call.Region}:{call.Account}:*"];
        }

        // IAM's operations on one's own user and keys need not name it.
        return call.Model.SigningName == "iam" && caller.Holder is UserRecord && call.Operation is "GetUser" or "CreateAccessKey" or "UpdateAccessKey" or "DeleteAccessKey" or "ListAccessKeys"
            ? [caller.Principal.Arn]
            : [CallTarget.Anything];
    }

    private static string Arn(ApiCall call, string form, string name, IdentitySnapshot snapshot)
    {
        var service = _prefixes.GetValueOrDefault(call.Model.SigningName, call.Model.SigningName);
        var region = call.Region;
        var path = "/";
        switch (service)
        {
            case "iam":
                // Names are found in any case; policies know them as they were given first.
                var holder = Holder(form, name, snapshot);
                (region, path, name) = ("", holder?.Path ?? call.Input.Text("Path") ?? path, holder?.Name ?? name);
                break;
            case "ssm":
                name = Parameter(name);
                break;
            case "logs" when IsArn(name):
                return name.EndsWith(":*", StringComparison.Ordinal) || name.Contains(":log-stream:", StringComparison.Ordinal) ? name : $"{name}:*";
            case "logs" when call.Input.Text("logStreamName") is { } stream:
                name = $"{name}:log-stream:{stream}";
                form = "log-group:{0}";
                break;
        }

        return IsArn(name) ? name : $"arn:aws:{service}:{region}:{call.Account}:{string.Format(System.Globalization.CultureInfo.InvariantCulture, form, name, path)}";
    }

    private static bool IsArn(string text) => text.StartsWith("arn:", StringComparison.Ordinal);

    /// <summary>A parameter without the version or label that may be named with it, and without the slash that its ARN has already.</summary>
    private static string Parameter(string name)
    {
        var from = IsArn(name) ? name.IndexOf(":parameter/", StringComparison.Ordinal) + 1 : 0;
        var colon = name.IndexOf(':', from);
        return (colon < 0 ? name : name[..colon]).TrimStart('/');
    }

    private static PolicyHolder? Holder(string form, string name, IdentitySnapshot snapshot) => form[..form.IndexOf('{', StringComparison.Ordinal)] switch
    {
        "user" => snapshot.Users.GetValueOrDefault(name),
        "group" => snapshot.Groups.GetValueOrDefault(name),
        "role" => snapshot.Roles.GetValueOrDefault(name),
        _ => null,
    };

    /// <summary>Reading several secrets takes the permission to read each.</summary>
    private static void AddSecrets(ApiCall call, IdentitySnapshot snapshot, List<CallTarget> targets)
    {
        const string Read = "secretsmanager:GetSecretValue";
        if (call.Input.Texts("SecretIdList") is { Count: > 0 } ids)
        {
            targets.AddRange(ids.Select(id => new CallTarget(Read, Arn(call, "secret:{0}", id, snapshot))));
        }
        else
        {
            targets.Add(new CallTarget(Read, CallTarget.Anything) { IsEverySecret = true });
        }
    }

    /// <summary>Settings in the form of tags take the permission of the operation that sets them.</summary>
    private static void AddSettings(ApiCall call, string resource, List<CallTarget> targets)
    {
        var keys = (call.Input.Objects("Tags") ?? []).Select(tag => tag.Text("Key")).Concat(call.Input.Texts("TagKeys") ?? []);
        if (call.Operation is "CreateService" or "TagResource" or "UntagResource" && keys.Any(key => key?.StartsWith(SettingsCatalog.TagPrefix, StringComparison.Ordinal) == true))
        {
            targets.Add(new CallTarget("sanbashi:PutServiceSettings", resource));
        }
    }

    /// <summary>Secrets are read as the instance role. Where there is none, whoever gives them must be allowed to read them: otherwise a service would show them.</summary>
    private static void AddServiceSecrets(ApiCall call, string service, List<CallTarget> targets)
    {
        if (call.Operation is not ("CreateService" or "UpdateService") || call.Input.Object("InstanceConfiguration")?.Text("InstanceRoleArn") is not null)
        {
            return;
        }

        var image = call.Input.Object("SourceConfiguration")?.Object("ImageRepository")?.Object("ImageConfiguration");
        foreach (var (_, reference) in image?.Object("RuntimeEnvironmentSecrets") ?? [])
        {
            // What refers to nothing is refused by the operation.
            if (reference is JsonValue value && value.TryGetValue<string>(out var text) && Read(call, text) is { } read)
            {
                targets.Add(read with { UnlessRoleOf = service });
            }
        }
    }

    private static CallTarget? Read(ApiCall call, string reference) =>
        SecretReference.TryParse(reference) is { } secret ? new CallTarget("secretsmanager:GetSecretValue", secret.SecretId)
        : ParameterReference.TryParse(reference) is { } parameter ? new CallTarget("ssm:GetParameters", parameter.Arn(call.Scope()))
        : null;

    /// <summary>Whoever gives a service a role could otherwise use the role's permissions through it.</summary>
    private static void AddRoles(ApiCall call, List<CallTarget> targets)
    {
        if (call.Input.Object("InstanceConfiguration")?.Text("InstanceRoleArn") is { } instanceRole)
        {
            targets.Add(new CallTarget("iam:PassRole", instanceRole) { PassedTo = ["apprunner.amazonaws.com", "tasks.apprunner.amazonaws.com"] });
        }

        if (call.Input.Object("SourceConfiguration")?.Object("AuthenticationConfiguration")?.Text("AccessRoleArn") is { } accessRole)
        {
            targets.Add(new CallTarget("iam:PassRole", accessRole) { PassedTo = ["apprunner.amazonaws.com", "build.apprunner.amazonaws.com"] });
        }
    }
}
