using System.Text.Json;

namespace Sanbashi.Wire;

/// <summary>What a service definition says about an error structure.</summary>
public sealed class ShapeError
{
    internal ShapeError(JsonElement json)
    {
        IsFault = ModelJson.Flag(json, "fault");
        if (ModelJson.Child(json, "error") is { } error)
        {
            Code = ModelJson.Text(error, "code");
            HttpStatus = (int?)ModelJson.Number(error, "httpStatusCode");
            IsFault |= error.TryGetProperty("senderFault", out var sender)
                && sender.ValueKind == JsonValueKind.False
                && HttpStatus is null or >= 500;
        }
    }

    /// <summary>Whether the server is to blame: answered with 500 unless <see cref="HttpStatus"/> says otherwise.</summary>
    public bool IsFault { get; }

    /// <summary>The code of XML protocols, where it differs from the shape's name.</summary>
    public string? Code { get; }

    /// <summary>The HTTP status, where the model states one.</summary>
    public int? HttpStatus { get; }
}
