using System.Text.Json;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Networks;
using Sanbashi.ControlPlane.Parameters;
using Sanbashi.ControlPlane.Secrets;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Identity;
using Sanbashi.Domain.Networks;
using Sanbashi.Domain.Secrets;
using Sanbashi.Storage;

namespace Sanbashi.ControlPlane.Identity.Authorization;

/// <summary>What is known of the resources that calls are about.</summary>
internal sealed class ResourceDirectory(ServiceDocuments documents, TimeProvider timeProvider)
{
    private readonly SecretDocuments _secrets = new(documents.Store);
    private readonly ParameterLookup _parameters = new(new ParameterDocuments(documents.Store));

    public async ValueTask<KnownResource> Find(string arn, IdentitySnapshot snapshot, CancellationToken cancellationToken)
    {
        if (arn.Split(':', 6) is not ["arn", _, var service, var region, var account, var resource])
        {
            return new KnownResource(arn);
        }

        var scope = new ResourceScope(account, region);
        return service switch
        {
            "apprunner" or "sanbashi" => new KnownResource(arn) { Tags = await AppRunnerTags(scope, arn, resource.Split('/'), cancellationToken) },
            "iam" => new KnownResource(arn) { Tags = IamTags(snapshot, account, arn, resource) },
            "secretsmanager" => await Secret(scope, arn, cancellationToken),
            "ssm" => new KnownResource(arn) { Tags = (await _parameters.Find(scope, arn, cancellationToken))?.Record.Tags ?? KnownResource.NoTags },
            "ec2" => new KnownResource(arn) { Tags = await NetworkTags(scope, resource[(resource.IndexOf('/', StringComparison.Ordinal) + 1)..], cancellationToken) },
            _ => new KnownResource(arn),
        };
    }

    public async Task<IReadOnlyList<string>> Secrets(ResourceScope scope, CancellationToken cancellationToken) =>
        [.. (await _secrets.List(scope, cancellationToken)).Select(secret => secret.Record.Arn)];

    /// <summary>Whether there is a service with this ARN whose instances have a role.</summary>
    public async Task<bool> HasInstanceRole(string arn, CancellationToken cancellationToken) =>
        arn.Split(':', 6) is [_, _, "apprunner", var region, var account, var resource]
        && resource.Split('/') is ["service", _, var id]
        && await documents.FindService(new ResourceScope(account, region), id, cancellationToken) is { Record.Definition.InstanceRoleArn: not null };

    /// <summary>Secrets may be named in three ways; policies know them by their ARN.</summary>
    private async Task<KnownResource> Secret(ResourceScope scope, string arn, CancellationToken cancellationToken)
    {
        var secret = await new SecretLookup(_secrets, timeProvider).Find(scope, arn, cancellationToken);
        return secret is null
            ? new KnownResource($"{arn}-??????")
            : new KnownResource(secret.Record.Arn) { Tags = secret.Record.Tags, Policy = secret.Record.ResourcePolicy };
    }

    private async Task<IReadOnlyDictionary<string, string>> AppRunnerTags(ResourceScope scope, string arn, string[] path, CancellationToken cancellationToken) => path switch
    {
        [ResourceArn.VpcConnectorKind or ResourceArn.VpcIngressKind, .., var id] => await NetworkTags(scope, id, cancellationToken),
        ["service", _, var id] when id != "*" => (await documents.FindService(scope, id, cancellationToken))?.Record.Tags ?? KnownResource.NoTags,
        ["autoscalingconfiguration", var name, .. var rest] when rest is not ["*"] =>
            (await documents.ListAutoScaling(scope, name, cancellationToken)).FirstOrDefault(stored => stored.Record.Arn == arn)?.Record.Tags ?? KnownResource.NoTags,
        _ => KnownResource.NoTags,
    };

    private async Task<IReadOnlyDictionary<string, string>> NetworkTags(ResourceScope scope, string id, CancellationToken cancellationToken) =>
        NetworkIds.IsId(id) && await documents.Store.Get(new DocumentKey(NetworkDirectory.ResourceKind, scope, id), cancellationToken) is { } document
            ? JsonSerializer.Deserialize(document.Body, NetworkJson.Default.NetworkResource)?.Tags ?? KnownResource.NoTags
            : KnownResource.NoTags;

    private static IReadOnlyDictionary<string, string> IamTags(IdentitySnapshot snapshot, string account, string arn, string resource)
    {
        var name = resource[(resource.LastIndexOf('/') + 1)..];
        return resource[..Math.Max(resource.IndexOf('/', StringComparison.Ordinal), 0)] switch
        {
            "user" => snapshot.Users.GetValueOrDefault(name)?.Tags,
            "role" => snapshot.Roles.GetValueOrDefault(name)?.Tags,
            "policy" => snapshot.FindPolicy(account, arn)?.Tags,
            _ => null,
        } ?? KnownResource.NoTags;
    }
}
