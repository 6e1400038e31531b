using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Services;
using Sanbashi.Domain.Identity.Policies;
using Sanbashi.Domain.Parameters;
using Sanbashi.Storage;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Parameters.Api;

/// <summary><c>PutParameter</c>: a new parameter, or a new version of one.</summary>
internal sealed class ParameterPut(ParameterDocuments documents, ParameterVault vault, IIdGenerator ids, TimeProvider timeProvider)
{
    private const string Standard = "Standard";
    private const string Advanced = "Advanced";
    private const string Intelligent = "Intelligent-Tiering";
    private const int StandardLength = 4096;
    private const int AdvancedLength = 8192;
    private const int MaxVersions = 100;

    private static readonly TimeSpan _patternLimit = TimeSpan.FromMilliseconds(200);

    public async Task<JsonObject> Put(ApiCall call, CancellationToken cancellationToken)
    {
        var input = call.Input;
        var (name, value) = (input.RequiredText("Name"), input.RequiredText("Value"));
        CheckName(name);
        CheckOptions(input);
        var tags = ParameterTags.Read(input);
        var overwrites = input.Flag("Overwrite") == true;
        if (overwrites && tags.Count > 0)
        {
            throw ParameterErrors.Invalid(
                "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.");
        }

        using var sealing = vault.BeginSealing();
        return await ParameterWrites.Commit(
            documents.Store,
            async token =>
            {
                var found = await documents.Find(call.Scope(), name, token);
                if (found is not null && !overwrites)
                {
                    throw ParameterErrors.Exists();
                }

                var before = found?.Record;
                var tier = Tier(input.Text("Tier"), before, value);
                var pattern = input.Text("AllowedPattern") ?? before?.Current.AllowedPattern;
                CheckValue(value, tier, pattern);
                var version = new ParameterVersion
                {
                    Number = (before?.Current.Number ?? 0) + 1,
                    ModifiedAt = timeProvider.GetUtcNow(),
                    ModifiedBy = call.CallerArn ?? PolicyPrincipal.Root(call.Account).Arn,
                    Tier = tier,
                    DataType = DataType(input.Text("DataType") ?? before?.Current.DataType),
                    Description = input.Text("Description") ?? before?.Current.Description,
                    AllowedPattern = pattern,
                    KeyId = input.Text("KeyId") ?? before?.Current.KeyId,
                };
                var (parameter, removed) = WithVersion(call, name, before, version, tags);
                return new Proposal<JsonObject>(
                    [
                        ParameterDocuments.Write(parameter, found?.Version ?? 0),
                        ParameterDocuments.Write(parameter, ParameterVault.Seal(sealing, parameter, version.Number, value)),
                        .. removed is null ? Array.Empty<DocumentWrite>() : [ParameterDocuments.DeleteValue(parameter, removed.Number)],
                    ],
                    new JsonObject { ["Version"] = version.Number, ["Tier"] = tier });
            },
            cancellationToken);
    }

    private (ParameterRecord Parameter, ParameterVersion? Removed) WithVersion(
        ApiCall call, string name, ParameterRecord? before, ParameterVersion version, IReadOnlyDictionary<string, string> tags)
    {
        var type = call.Input.Text("Type");
        if (before is null)
        {
            var created = new ParameterRecord
            {
                Scope = call.Scope(),
                Id = ids.NewId(),
                Name = name,
                Type = type ?? throw ParameterErrors.Invalid("A parameter type is required when you create a parameter."),
                Tags = tags,
                Versions = [version],
            };
            return (created, null);
        }

        if (type is not null && type != before.Type)
        {
            throw new ApiException(
                "HierarchyTypeMismatchException",
                $"Parameter Store doesn't support changing a parameter type: {name} is a {before.Type}. Delete it and create a new one, or use another name.");
        }

        if (before.Versions.Count < MaxVersions)
        {
            return (before with { Versions = [.. before.Versions, version] }, null);
        }

        var oldest = before.Versions[0];
        return oldest.Labels.Count == 0
            ? (before with { Versions = [.. before.Versions.Skip(1), version] }, oldest)
            : throw new ApiException(
                "ParameterMaxVersionLimitExceeded",
                $"You attempted to create a new version of {name} by calling the PutParameter API with the overwrite flag. Version {oldest.Number}, the oldest version, can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.");
    }

    private static void CheckName(string name)
    {
        if (ParameterName.IsReserved(name))
        {
            throw new ApiException("AccessDeniedException", $"No access to reserved parameter name: {name}.");
        }

        if (ParameterName.Problem(name) is { } problem)
        {
            throw ParameterErrors.Invalid(problem);
        }

        if (ParameterName.Levels(name) > ParameterName.MaxLevels)
        {
            throw new ApiException("HierarchyLevelLimitExceededException", $"A hierarchy can have a maximum of {ParameterName.MaxLevels} levels. {Excerpt.Of(name)} has {ParameterName.Levels(name)}.");
        }
    }

    private static void CheckOptions(JsonObject input)
    {
        if (input.Text("Policies") is { Length: > 0 } and not "[]")
        {
            throw new ApiException("InvalidPolicyTypeException", "Parameter policies are not available in this version of Sanbashi. Leave Policies out.");
        }

        if (input.Text("KeyId") is not null && input.Text("Type") is not (null or ParameterVault.Secure))
        {
            throw ParameterErrors.Invalid("KeyId is required for SecureString type parameter only.");
        }
    }

    private static string Tier(string? asked, ParameterRecord? before, string value) => (asked, before?.Current.Tier) switch
    {
        (Standard, Advanced) => throw ParameterErrors.Invalid(
            "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter."),
        (Intelligent, var present) => present == Advanced || value.Length > StandardLength ? Advanced : Standard,
        (null, var present) => present ?? Standard,
        (var tier, _) => tier,
    };

    private static void CheckValue(string value, string tier, string? pattern)
    {
        if (value.Length == 0)
        {
            throw ParameterErrors.Invalid("1 validation error detected: Value at 'value' failed to satisfy constraint: Member must have length greater than or equal to 1.");
        }

        if (value.Contains("{{", StringComparison.Ordinal) && value.Contains("}}", StringComparison.Ordinal))
        {
            throw ParameterErrors.Invalid("Parameter value can't nest another parameter. Do not use \"{{}}\" in the value.");
        }

        if (tier == Standard && value.Length > StandardLength)
        {
            throw ParameterErrors.Invalid(
                $"Standard tier parameters support a maximum parameter value of {StandardLength} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.");
        }

        if (value.Length > AdvancedLength)
        {
            throw ParameterErrors.Invalid($"Advanced tier parameters support a maximum parameter value of {AdvancedLength} characters.");
        }

        if (pattern is { Length: > 0 } && !Matches(pattern, value))
        {
            throw new ApiException("ParameterPatternMismatchException", $"Parameter value, cannot be validated against allowedPattern: {pattern}");
        }
    }

    /// <summary>The pattern is the caller's: it gets a moment, and no backtracking without end.</summary>
    private static bool Matches(string pattern, string value)
    {
        try
        {
            return Regex.IsMatch(value, $@"\A(?:{pattern})\z", RegexOptions.CultureInvariant, _patternLimit);
        }
        catch (Exception failure) when (failure is ArgumentException or RegexMatchTimeoutException)
        {
            throw new ApiException("InvalidAllowedPatternException", $"The request does not meet the regular expression requirement: '{Excerpt.Of(pattern)}' is no regular expression, or takes too long.");
        }
    }

    private static string DataType(string? asked) => asked is null or "text"
        ? "text"
        : throw ParameterErrors.Invalid($"The following data type is not supported: {Excerpt.Of(asked)}. Only 'text' is available here.");
}
