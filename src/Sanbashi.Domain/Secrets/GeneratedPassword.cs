using System.Text.Json;
using System.Text.Json.Nodes;

namespace Sanbashi.Domain.Secrets;

/// <summary>Passwords made by rules, alone or within a JSON document.</summary>
public static class GeneratedPassword
{
    /// <param name="rules">Rules without a problem.</param>
    /// <param name="pick">A number from 0 to below its argument, which nobody can foresee.</param>
    public static string Make(PasswordRules rules, Func<int, int> pick)
    {
        if (rules.Problem() is { } problem)
        {
            throw new ArgumentException(problem, nameof(rules));
        }

        var classes = rules.Classes;
        var all = string.Concat(classes);
        var password = new char[rules.Length];
        for (var i = 0; i < password.Length; i++)
        {
            var characters = rules.RequireEachIncludedType && i < classes.Count ? classes[i] : all;
            password[i] = characters[pick(characters.Length)];
        }

        // The required ones stand first until here.
        for (var i = password.Length - 1; i > 0; i--)
        {
            var j = pick(i + 1);
            (password[i], password[j]) = (password[j], password[i]);
        }

        return new string(password);
    }

    /// <summary>CloudFormation's <c>SecretStringTemplate</c> with <c>GenerateStringKey</c>: the template's object with one more member.</summary>
    /// <exception cref="FormatException">The template is no JSON object.</exception>
    public static string IntoTemplate(string template, string key, string password)
    {
        try
        {
            if (JsonNode.Parse(template) is JsonObject document)
            {
                document[key] = password;
                return document.ToJsonString(_plain);
            }
        }
        catch (JsonException)
        {
            // Said below; the parser's text would repeat a part of the template.
        }

        throw new FormatException("The template of a generated secret must be a JSON object, such as {\"username\": \"admin\"}.");
    }

    /// <summary>Passwords are full of punctuation, and this text is not HTML.</summary>
    private static readonly JsonSerializerOptions _plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
