using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Identity;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Identity.Iam;

/// <summary>Service-linked roles. Clients make them before their first service; nothing here needs them.</summary>
internal sealed class ServiceLinkedRoles(IdentityDirectory directory, IamAnswers answers, TimeProvider timeProvider)
{
    public const string PathPrefix = "/aws-service-role/";

    private const string TaskPrefix = "task/aws-service-role/";

    private static readonly FrozenDictionary<string, (string Role, string Policy)> _services = new Dictionary<string, (string, string)>
    {
        ["apprunner.amazonaws.com"] = ("AWSServiceRoleForAppRunner", "AppRunnerServiceRolePolicy"),
        ["networking.apprunner.amazonaws.com"] = ("AWSServiceRoleForAppRunnerNetworking", "AppRunnerNetworkingServiceRolePolicy"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public void Register(ApiService api) => api
        .Handle("CreateServiceLinkedRole", Create)
        .Handle("DeleteServiceLinkedRole", Delete)
        .Handle("GetServiceLinkedRoleDeletionStatus", Status);

    public static bool IsOne(RoleRecord role) => role.Path.StartsWith(PathPrefix, StringComparison.Ordinal);

    private Task<JsonObject> Create(ApiCall call, CancellationToken cancellationToken) => directory.Change(
        edit =>
        {
            var service = call.Input.RequiredText("AWSServiceName");
            if (!_services.TryGetValue(service, out var known))
            {
                throw IamErrors.InvalidInput($"Service {service} has no service-linked role here. There are those of {string.Join(" and ", _services.Keys.Order(StringComparer.Ordinal))}.");
            }

            if (call.Input.Text("CustomSuffix") is not null)
            {
                throw IamErrors.InvalidInput($"Custom suffix is not allowed for {service}");
            }

            if (edit.Now.Roles.ContainsKey(known.Role))
            {
                throw IamErrors.InvalidInput($"Service role name {known.Role} has been taken in this account, please try a different suffix.");
            }

            var role = RoleApi.Add(
                edit,
                new RoleRecord
                {
                    Name = known.Role,
                    Id = IdentityIds.Of("AROA"),
                    Path = $"{PathPrefix}{service}/",
                    CreatedAt = timeProvider.GetUtcNow(),
                    Description = call.Input.Text("Description"),
                    TrustPolicy = $$"""{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"{{service}}"},"Action":"sts:AssumeRole"}]}""",
                    AttachedPolicies = [$"arn:aws:iam::aws:policy/aws-service-role/{known.Policy}"],
                });
            return new JsonObject { ["Role"] = answers.Role(role) };
        },
        cancellationToken);

    /// <summary>Done at once; clients ask for the task's state all the same.</summary>
    private Task<JsonObject> Delete(ApiCall call, CancellationToken cancellationToken) => directory.Change(
        edit =>
        {
            var role = (RoleRecord)HolderKind.Role.Find(edit.Now, call);
            if (!IsOne(role))
            {
                throw IamErrors.InvalidInput($"Role {role.Name} is no service-linked role. Delete it with DeleteRole.");
            }

            edit.Remove(role);
            return new JsonObject { ["DeletionTaskId"] = $"{TaskPrefix}{role.Path[PathPrefix.Length..]}{role.Name}/{role.Id}" };
        },
        cancellationToken);

    private static Task<JsonObject> Status(ApiCall call, CancellationToken cancellationToken)
    {
        var task = call.Input.RequiredText("DeletionTaskId");
        return task.StartsWith(TaskPrefix, StringComparison.Ordinal)
            ? Task.FromResult(new JsonObject { ["Status"] = "SUCCEEDED" })
            : throw IamErrors.NoSuch($"The deletion task {Excerpt.Of(task)} cannot be found.");
    }
}
