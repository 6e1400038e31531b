using System.Globalization;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Parameters;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Parameters.Api;

/// <summary>The calls that answer values.</summary>
internal sealed class ParameterReading(ParameterDocuments documents, ParameterLookup lookup, ParameterVault vault)
{
    private const int PathSize = 10;
    private const int HistorySize = 50;

    public async Task<JsonObject> Get(ApiCall call, CancellationToken cancellationToken)
    {
        var reference = ParameterReference.Parse(call.Input.RequiredText("Name"));
        var (parameter, version) = await lookup.Find(call.Scope(), reference, cancellationToken) ?? throw ParameterErrors.NotFound(reference.Name);
        return new JsonObject { ["Parameter"] = await Answer(call, parameter, version, reference.Selector, cancellationToken) };
    }

    /// <summary>Up to ten; names that mean nothing are answered as such.</summary>
    public async Task<JsonObject> GetSeveral(ApiCall call, CancellationToken cancellationToken)
    {
        var (found, invalid) = (new JsonArray(), new JsonArray());
        foreach (var reference in call.Input.Texts("Names")!.Distinct(StringComparer.Ordinal).Select(ParameterReference.Parse))
        {
            try
            {
                if (await lookup.Find(call.Scope(), reference, cancellationToken) is var (parameter, version))
                {
                    found.Add((JsonNode)await Answer(call, parameter, version, reference.Selector, cancellationToken));
                    continue;
                }
            }
            catch (ApiException missing) when (missing.Code == ParameterErrors.NoVersionCode)
            {
                // Invalid as well.
            }

            invalid.Add((JsonNode)reference.Text);
        }

        return new JsonObject { ["Parameters"] = found, ["InvalidParameters"] = invalid };
    }

    public async Task<JsonObject> GetByPath(ApiCall call, CancellationToken cancellationToken)
    {
        var path = call.Input.RequiredText("Path");
        if (!ParameterName.IsPath(path))
        {
            throw ParameterErrors.Invalid(ParameterFilters.NoPath);
        }

        var isRecursive = call.Input.Flag("Recursive") == true;
        var filters = ParameterFilters.OfValues(call.Input);
        var (parameters, next) = PageTokens.Page(
            call,
            (await documents.List(call.Scope(), cancellationToken))
                .Select(static stored => stored.Record)
                .Where(parameter => ParameterName.IsBelow(parameter.Name, path, isRecursive) && filters.Match(parameter))
                .OrderBy(static parameter => ParameterName.SortKey(parameter.Name), StringComparer.Ordinal),
            static parameter => ParameterName.SortKey(parameter.Name),
            call.Input.Integer("MaxResults") ?? PathSize,
            ParameterErrors.InvalidTokenCode);
        var answers = new JsonArray();
        foreach (var parameter in parameters)
        {
            answers.Add((JsonNode)await Answer(call, parameter, filters.Version(parameter), null, cancellationToken));
        }

        return new JsonObject { ["Parameters"] = answers, ["NextToken"] = next };
    }

    /// <summary>Oldest first, as AWS has it, each with its value.</summary>
    public async Task<JsonObject> GetHistory(ApiCall call, CancellationToken cancellationToken)
    {
        var parameter = (await lookup.Find(call, cancellationToken)).Record;
        var (versions, next) = PageTokens.Page(
            call,
            parameter.Versions,
            static version => version.Number.ToString("D20", CultureInfo.InvariantCulture),
            call.Input.Integer("MaxResults") ?? HistorySize,
            ParameterErrors.InvalidTokenCode);
        var history = new JsonArray();
        foreach (var version in versions)
        {
            var entry = ParameterAnswers.Description(parameter, version);
            entry.Remove("ARN");
            entry["Value"] = await Value(call, parameter, version, cancellationToken);
            entry["Labels"] = ParameterAnswers.Texts(version.Labels);
            history.Add((JsonNode)entry);
        }

        return new JsonObject { ["Parameters"] = history, ["NextToken"] = next };
    }

    private async Task<JsonObject> Answer(ApiCall call, ParameterRecord parameter, ParameterVersion version, string? selector, CancellationToken cancellationToken) => new()
    {
        ["Name"] = parameter.Name,
        ["Type"] = parameter.Type,
        ["Value"] = await Value(call, parameter, version, cancellationToken),
        ["Version"] = version.Number,
        ["Selector"] = selector is null ? null : ":" + selector,
        ["LastModifiedDate"] = ApiOutput.Timestamp(version.ModifiedAt),
        ["ARN"] = parameter.Arn,
        ["DataType"] = version.DataType,
    };

    private Task<string> Value(ApiCall call, ParameterRecord parameter, ParameterVersion version, CancellationToken cancellationToken) =>
        call.Input.Flag("WithDecryption") == true ? vault.Read(parameter, version, cancellationToken) : vault.ReadSealed(parameter, version, cancellationToken);
}
