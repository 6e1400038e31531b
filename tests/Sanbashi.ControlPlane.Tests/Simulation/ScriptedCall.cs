using System.Text.Json.Nodes;

namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <param name="Subject">For the trace.</param>
internal sealed record ScriptedCall(string Operation, string Subject, JsonObject Input, Action<JsonObject>? OnAnswer = null);
