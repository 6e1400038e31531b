using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Parameters;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Parameters.Api;

/// <summary>The labels of versions; a label is on one version at most.</summary>
internal sealed partial class ParameterLabels(ParameterDocuments documents, ParameterLookup lookup)
{
    private const int MaxPerVersion = 10;

    public Task<JsonObject> Label(ApiCall call, CancellationToken cancellationToken) => ParameterWrites.Commit(
        documents.Store,
        async token =>
        {
            var found = await lookup.Find(call, token);
            var labels = call.Input.Texts("Labels")!.Distinct(StringComparer.Ordinal).ToLookup(IsValid);
            var target = Version(found.Record, call.Input.Integer("ParameterVersion") ?? found.Record.Current.Number);
            var moved = labels[true].ToList();
            if (target.Labels.Union(moved, StringComparer.Ordinal).Count() > MaxPerVersion)
            {
                throw new ApiException("ParameterVersionLabelLimitExceeded", $"A parameter version can have maximum {MaxPerVersion} labels. Move one or more labels to another version and try again.");
            }

            var changed = found.Record with { Versions = [.. found.Record.Versions.Select(version => version with { Labels = LabelsOf(version, target, moved) })] };
            return new Proposal<JsonObject>(
                moved.Count == 0 ? [] : [ParameterDocuments.Write(changed, found.Version)],
                new JsonObject { ["InvalidLabels"] = ParameterAnswers.Texts(labels[false]), ["ParameterVersion"] = target.Number });
        },
        cancellationToken);

    public Task<JsonObject> Unlabel(ApiCall call, CancellationToken cancellationToken) => ParameterWrites.Commit(
        documents.Store,
        async token =>
        {
            var found = await lookup.Find(call, token);
            var target = Version(found.Record, call.Input.Integer("ParameterVersion")!.Value);
            var asked = call.Input.Texts("Labels")!.Distinct(StringComparer.Ordinal).ToLookup(label => target.Labels.Contains(label, StringComparer.Ordinal));
            var bare = target with { Labels = [.. target.Labels.Except(asked[true], StringComparer.Ordinal)] };
            var changed = found.Record with { Versions = [.. found.Record.Versions.Select(version => version.Number == bare.Number ? bare : version)] };
            return new Proposal<JsonObject>(
                asked[true].Any() ? [ParameterDocuments.Write(changed, found.Version)] : [],
                new JsonObject { ["RemovedLabels"] = ParameterAnswers.Texts(asked[true]), ["InvalidLabels"] = ParameterAnswers.Texts(asked[false]) });
        },
        cancellationToken);

    private static IReadOnlyList<string> LabelsOf(ParameterVersion version, ParameterVersion target, IReadOnlyList<string> moved) => version.Number == target.Number
        ? [.. version.Labels.Union(moved, StringComparer.Ordinal)]
        : [.. version.Labels.Except(moved, StringComparer.Ordinal)];

    private static ParameterVersion Version(ParameterRecord parameter, long number) =>
        parameter.FindVersion(number) ?? throw ParameterErrors.NoVersion(parameter.Name, $"{number}");

    private static bool IsValid(string label) =>
        Valid().IsMatch(label) && !label.StartsWith("aws", StringComparison.OrdinalIgnoreCase) && !label.StartsWith("ssm", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"\A[A-Za-z_.\-][A-Za-z0-9_.\-]{0,99}\z")]
    private static partial Regex Valid();
}
