using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sanbashi.Wire;

[JsonSerializable(typeof(JsonElement))]
internal sealed partial class WireJsonContext : JsonSerializerContext;
