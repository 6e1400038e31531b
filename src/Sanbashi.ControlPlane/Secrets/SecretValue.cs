using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;

namespace Sanbashi.ControlPlane.Secrets;

/// <summary>A value in the clear, for as long as a call takes.</summary>
internal sealed class SecretValue(byte[] bytes, bool isBinary)
{
    /// <summary>The longest value, in bytes.</summary>
    public const int MaxBytes = 65536;

    public ReadOnlySpan<byte> Bytes => bytes;

    public bool IsBinary => isBinary;

    public string Text => Encoding.UTF8.GetString(bytes);

    public static SecretValue OfText(string text) => new(Encoding.UTF8.GetBytes(text), false);

    /// <summary>The <c>SecretString</c> or <c>SecretBinary</c> of a call; null when it has neither.</summary>
    public static SecretValue? Read(JsonObject input)
    {
        var (text, binary) = (input.Text("SecretString"), input.Text("SecretBinary"));
        if (text is not null && binary is not null)
        {
            throw SecretErrors.InvalidParameter("You can't specify both a binary secret value and a string secret value in the same secret.");
        }

        var value = text is not null ? OfText(text)
            : binary is not null ? new SecretValue(Convert.FromBase64String(binary), true)
            : null;
        return value?.Bytes.Length > MaxBytes
            ? throw SecretErrors.InvalidParameter($"The secret value has {value.Bytes.Length} bytes; at most {MaxBytes} are allowed.")
            : value;
    }

    public bool Equals(SecretValue other) => IsBinary == other.IsBinary && CryptographicOperations.FixedTimeEquals(Bytes, other.Bytes);

    public void WriteTo(JsonObject output)
    {
        if (isBinary)
        {
            output["SecretBinary"] = Convert.ToBase64String(bytes);
        }
        else
        {
            output["SecretString"] = Text;
        }
    }

    /// <summary>Never the value.</summary>
    public override string ToString() => isBinary ? "a binary value" : "a text";
}
