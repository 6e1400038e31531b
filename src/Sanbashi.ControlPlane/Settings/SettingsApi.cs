using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Services;
using Sanbashi.ControlPlane.Services.Api;
using Sanbashi.Domain.Services;
using Sanbashi.Domain.Settings;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Settings;

/// <summary>The operations on extension settings.</summary>
internal sealed class SettingsApi(
    ServiceDocuments documents, ServiceLookup lookup, SettingsChanges changes, IReadOnlyList<string> allowedHostPaths, IServiceReconcilers reconcilers)
{
    public void Register(ApiService api) => api
        .Handle("PutServiceSettings", Put)
        .Handle("GetServiceSettings", Get);

    /// <summary>Settings that are not named stay; an empty value takes one back.</summary>
    private async Task<JsonObject> Put(ApiCall call, CancellationToken cancellationToken)
    {
        var given = call.Input.TextMap("Settings") ?? new Dictionary<string, string>();
        foreach (var (name, value) in given)
        {
            Check(name, value);
        }

        var started = await documents.Store.CommitUntilDone(
            async token =>
            {
                var stored = await lookup.FindAlive(call, token);
                var settings = new Dictionary<string, string>(stored.Record.Settings, StringComparer.Ordinal);
                foreach (var (name, value) in given)
                {
                    if (value.Length == 0)
                    {
                        settings.Remove(name);
                    }
                    else
                    {
                        settings[name] = value;
                    }
                }

                var proposed = await changes.Propose(stored, stored.Record with { Settings = settings }, token);
                return new Proposal<StartedOperation>(proposed.Writes, proposed);
            },
            cancellationToken);
        reconcilers.Signal(started.Service.Id);
        return new JsonObject { ["Settings"] = Render(started.Service), ["OperationId"] = started.Operation?.Id };
    }

    private async Task<JsonObject> Get(ApiCall call, CancellationToken cancellationToken) =>
        new() { ["Settings"] = Render((await lookup.Find(call, cancellationToken)).Record) };

    private void Check(string name, string value)
    {
        // An unknown name is an error even where it would only be taken back.
        var problem = value.Length == 0 && SettingsCatalog.Find(name) is not null ? null : SettingsValidator.Problem(name, value, allowedHostPaths);
        if (problem is not null)
        {
            throw ApiErrors.InvalidRequest(problem);
        }
    }

    private static JsonArray Render(ServiceRecord service) => ApiOutput.List(SettingsResolver.Of(service).Values.Select(setting => new JsonObject
    {
        ["Name"] = setting.Definition.Name,
        ["Value"] = setting.Value,
        ["Source"] = ApiOutput.UpperSnake(setting.Source),
        ["Default"] = setting.Definition.Default,
        ["Description"] = $"{setting.Definition.Description} Must be {setting.Definition.Allowed}.",
        ["AppliesBy"] = ApiOutput.UpperSnake(setting.Definition.AppliesBy),
    }));
}
