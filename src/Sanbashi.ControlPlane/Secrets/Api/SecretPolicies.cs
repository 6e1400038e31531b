using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Secrets;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Secrets.Api;

/// <summary>The policies that secrets carry themselves.</summary>
internal sealed class SecretPolicies(SecretDocuments documents, SecretLookup lookup)
{
    public async Task<JsonObject> Get(ApiCall call, CancellationToken cancellationToken)
    {
        var secret = (await lookup.FindLive(call, cancellationToken)).Record;
        var output = SecretAnswers.Name(secret);
        output["ResourcePolicy"] = secret.ResourcePolicy;
        return output;
    }

    public Task<JsonObject> Put(ApiCall call, CancellationToken cancellationToken)
    {
        var text = call.Input.RequiredText("ResourcePolicy");
        var policy = ResourcePolicy.Check(text);
        if (policy.Problem is { } problem)
        {
            throw SecretErrors.Malformed($"This resource policy contains a syntax error. {problem}");
        }

        return call.Input.Flag("BlockPublicPolicy") == true && policy.IsPublic
            ? throw new ApiException("PublicPolicyException", "You attempted to attach a resource policy that grants broad access to the secret: a statement allows it to everybody ('*') without a condition. Name the principals.")
            : Change(call, secret => secret with { ResourcePolicy = text }, cancellationToken);
    }

    public Task<JsonObject> Delete(ApiCall call, CancellationToken cancellationToken) => Change(call, static secret => secret with { ResourcePolicy = null }, cancellationToken);

    public async Task<JsonObject> Validate(ApiCall call, CancellationToken cancellationToken)
    {
        if (call.Input.ContainsKey("SecretId"))
        {
            await lookup.FindLive(call, cancellationToken);
        }

        var policy = ResourcePolicy.Check(call.Input.RequiredText("ResourcePolicy"));
        return policy.Problem is { } problem
            ? throw SecretErrors.Malformed($"This resource policy contains a syntax error. {problem}")
            : new JsonObject
            {
                ["PolicyValidationPassed"] = !policy.IsPublic,
                ["ValidationErrors"] = policy.IsPublic
                    ? new JsonArray(new JsonObject { ["CheckName"] = "PUBLIC_POLICY", ["ErrorMessage"] = "A statement allows access to everybody ('*') without a condition." })
                    : new JsonArray(),
            };
    }

    private Task<JsonObject> Change(ApiCall call, Func<SecretRecord, SecretRecord> change, CancellationToken cancellationToken) => SecretWrites.Commit(
        documents.Store,
        async token =>
        {
            var found = await lookup.FindLive(call, token);
            return new Proposal<JsonObject>([SecretDocuments.Write(change(found.Record), found.Version)], SecretAnswers.Name(found.Record));
        },
        cancellationToken);
}
