using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Parameters;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Parameters.Api;

/// <summary><c>DescribeParameters</c>.</summary>
internal sealed class ParameterList(ParameterDocuments documents)
{
    private const int DefaultSize = 50;

    public async Task<JsonObject> Describe(ApiCall call, CancellationToken cancellationToken)
    {
        var filters = ParameterFilters.OfDescriptions(call.Input);

        // Nothing is shared with other accounts: there are none.
        var isShared = call.Input.Flag("Shared") == true;
        var (parameters, next) = PageTokens.Page(
            call,
            (await documents.List(call.Scope(), cancellationToken))
                .Select(static stored => stored.Record)
                .Where(parameter => !isShared && filters.Match(parameter))
                .OrderBy(static parameter => ParameterName.SortKey(parameter.Name), StringComparer.Ordinal),
            static parameter => ParameterName.SortKey(parameter.Name),
            call.Input.Integer("MaxResults") ?? DefaultSize,
            ParameterErrors.InvalidTokenCode);
        return new JsonObject
        {
            ["Parameters"] = ApiOutput.List(parameters.Select(static parameter => ParameterAnswers.Description(parameter, parameter.Current))),
            ["NextToken"] = next,
        };
    }
}
