using System.Globalization;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Identity.Policies;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Identity.Authorization;

/// <summary>The condition keys of a call.</summary>
internal static class RequestKeys
{
    /// <summary>App Runner's keys: the other resources that a call names.</summary>
    private static readonly string[] _appRunnerArns =
        ["ServiceArn", "AutoScalingConfigurationArn", "ConnectionArn", "ObservabilityConfigurationArn", "VpcConnectorArn", "VpcIngressConnectionArn"];

    public static Dictionary<string, IReadOnlyList<string>> Of(ApiCall call, Caller caller, DateTimeOffset now)
    {
        var keys = Of(caller, call.Region, now);
        keys["aws:SecureTransport"] = [call.Origin.IsSecure ? "true" : "false"];
        Add(keys, "aws:SourceIp", call.Origin.Address?.ToString());
        Add(keys, "aws:UserAgent", call.Origin.UserAgent);
        AddTags(keys, call);
        AddService(keys, call);
        return keys;
    }

    /// <summary>Those of who asks and when, for what is asked without a call.</summary>
    public static Dictionary<string, IReadOnlyList<string>> Of(Caller caller, string region, DateTimeOffset now)
    {
        var keys = new Dictionary<string, IReadOnlyList<string>>(StringComparer.OrdinalIgnoreCase)
        {
            ["aws:PrincipalArn"] = [caller.Principal.PrincipalArn],
            ["aws:PrincipalAccount"] = [caller.Principal.Account],
            ["aws:PrincipalType"] = [caller.Principal.Kind switch { PrincipalKind.Root => "Account", PrincipalKind.User => "User", _ => "AssumedRole" }],
            ["aws:userid"] = [caller.UserId],
            ["aws:RequestedRegion"] = [region],
            ["aws:CurrentTime"] = [now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)],
            ["aws:EpochTime"] = [now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)],
        };
        AddCaller(keys, caller);
        return keys;
    }

    private static void AddCaller(Dictionary<string, IReadOnlyList<string>> keys, Caller caller)
    {
        Add(keys, "aws:username", caller.Holder is UserRecord user ? user.Name : null);
        Add(keys, "aws:SourceIdentity", caller.Session?.SourceIdentity);
        foreach (var (key, value) in caller.Holder?.Tags ?? new Dictionary<string, string>())
        {
            keys[$"aws:PrincipalTag/{key}"] = [value];
        }

        // A session's tags hide those of its role.
        foreach (var (key, value) in caller.Session?.Tags ?? new Dictionary<string, string>())
        {
            keys[$"aws:PrincipalTag/{key}"] = [value];
        }
    }

    private static void AddTags(Dictionary<string, IReadOnlyList<string>> keys, ApiCall call)
    {
        var given = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in (string[])["Tags", "tags"])
        {
            if (call.Input[member] is JsonObject map)
            {
                foreach (var (key, value) in map)
                {
                    given[key] = value?.GetValue<string>() ?? "";
                }
            }

            AddList(given, call.Input.Objects(member));
        }

        foreach (var specification in call.Input.Objects("TagSpecifications") ?? [])
        {
            AddList(given, specification.Objects("Tags"));
        }

        foreach (var (key, value) in given)
        {
            keys[$"aws:RequestTag/{key}"] = [value];
        }

        IReadOnlyList<string> all = [.. given.Keys, .. call.Input.Texts("TagKeys") ?? [], .. call.Input.Texts("tagKeys") ?? []];
        if (all.Count > 0)
        {
            keys["aws:TagKeys"] = all;
        }
    }

    private static void AddList(Dictionary<string, string> given, IReadOnlyList<JsonObject>? tags)
    {
        foreach (var tag in tags ?? [])
        {
            if (tag.Text("Key") is { } key)
            {
                given[key] = tag.Text("Value") ?? "";
            }
        }
    }

    private static void AddService(Dictionary<string, IReadOnlyList<string>> keys, ApiCall call)
    {
        switch (call.Model.SigningName)
        {
            case "apprunner":
                foreach (var member in _appRunnerArns)
                {
                    Add(keys, $"apprunner:{member}", call.Input.Text(member));
                }

                Add(keys, "apprunner:ConnectionArn", call.Input.Object("SourceConfiguration")?.Object("AuthenticationConfiguration")?.Text("ConnectionArn"));
                Add(keys, "apprunner:VpcConnectorArn", call.Input.Object("NetworkConfiguration")?.Object("EgressConfiguration")?.Text("VpcConnectorArn"));
                Add(keys, "apprunner:ObservabilityConfigurationArn", call.Input.Object("ObservabilityConfiguration")?.Text("ObservabilityConfigurationArn"));
                break;
            case "sts":
                Add(keys, "sts:ExternalId", call.Input.Text("ExternalId"));
                Add(keys, "sts:RoleSessionName", call.Input.Text("RoleSessionName"));
                Add(keys, "sts:SourceIdentity", call.Input.Text("SourceIdentity"));
                break;
            case "iam":
                Add(keys, "iam:AWSServiceName", call.Input.Text("AWSServiceName"));
                Add(keys, "iam:PolicyARN", call.Input.Text("PolicyArn"));
                Add(keys, "iam:PermissionsBoundary", call.Input.Text("PermissionsBoundary"));
                break;
            case "ssm":
                Add(keys, "ssm:Overwrite", Flag(call, "Overwrite"));
                Add(keys, "ssm:Recursive", Flag(call, "Recursive"));
                break;
            case "secretsmanager":
                Add(keys, "secretsmanager:Name", call.Input.Text("Name"));
                Add(keys, "secretsmanager:SecretId", call.Input.Text("SecretId"));
                Add(keys, "secretsmanager:VersionStage", call.Input.Text("VersionStage"));
                Add(keys, "secretsmanager:VersionId", call.Input.Text("VersionId"));
                break;
        }
    }

    private static string? Flag(ApiCall call, string member) => call.Input.Flag(member) is { } isSet ? isSet ? "true" : "false" : null;

    private static void Add(Dictionary<string, IReadOnlyList<string>> keys, string key, string? value)
    {
        if (value is not null)
        {
            keys[key] = [value];
        }
    }
}
