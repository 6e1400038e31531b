using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sanbashi.ControlPlane.Secrets.Rotation.Databases;

/// <summary>A database secret: JSON with <c>host</c>, <c>username</c>, <c>password</c>, and perhaps <c>port</c>, <c>dbname</c>, <c>engine</c>, <c>masterarn</c>.</summary>
internal sealed class DatabaseLogin
{
    private readonly JsonObject _document;

    private DatabaseLogin(JsonObject document) => _document = document;

    public string Host => Required("host");

    public string User => Required("username");

    public string Password => Required("password");

    public int? Port => Text("port") is { } port
        ? int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is > 0 and <= 65535
            ? number
            : throw new RotationException("The port in the secret's JSON is no port.")
        : null;

    public string? Database => Text("dbname");

    /// <summary>The secret of the user that may change other users.</summary>
    public string? MasterArn => Text("masterarn");

    /// <exception cref="RotationException">It is something else.</exception>
    public static DatabaseLogin Of(SecretValue? value)
    {
        try
        {
            // The parser's own words would repeat a part of the value.
            if (value is { IsBinary: false } && JsonNode.Parse(value.Text) is JsonObject document)
            {
                return new DatabaseLogin(document);
            }
        }
        catch (JsonException)
        {
            // Said below.
        }

        throw new RotationException("The secret's value is no JSON object. A database secret has the keys engine, host, username and password, and where needed port, dbname and masterarn.");
    }

    /// <summary>The same with another user or password; all else stays as it is.</summary>
    public SecretValue With(string user, string password)
    {
        var document = _document.DeepClone().AsObject();
        (document["username"], document["password"]) = (user, password);
        return SecretValue.OfText(document.ToJsonString(Plain));
    }

    /// <summary>Never the password.</summary>
    public override string ToString() => $"{Text("username")} at {Text("host")}";

    private static JsonSerializerOptions Plain { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private string Required(string key) => Text(key) ?? throw new RotationException($"The secret's JSON has no '{key}'. A database secret has the keys engine, host, username and password, and where needed port, dbname and masterarn.");

    private string? Text(string key) => _document[key] switch
    {
        JsonValue value when value.TryGetValue<string>(out var text) => text.Length > 0 ? text : null,
        JsonValue value => value.ToJsonString(),
        _ => null,
    };
}
