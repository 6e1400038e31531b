using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Secrets;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Secrets.Api;

/// <summary><c>GetRandomPassword</c>.</summary>
internal static class SecretPasswords
{
    public static Task<JsonObject> Get(ApiCall call, CancellationToken cancellationToken)
    {
        var rules = Rules(call.Input);
        return rules.Problem() is { } problem
            ? throw SecretErrors.InvalidParameter(problem)
            : Task.FromResult(new JsonObject { ["RandomPassword"] = GeneratedPassword.Make(rules, RandomNumberGenerator.GetInt32) });
    }

    /// <summary>The members are those of CloudFormation's <c>GenerateSecretString</c> too.</summary>
    public static PasswordRules Rules(JsonObject input)
    {
        var defaults = new PasswordRules();
        return new PasswordRules
        {
            Length = input.Integer("PasswordLength") ?? defaults.Length,
            ExcludeCharacters = input.Text("ExcludeCharacters") ?? defaults.ExcludeCharacters,
            ExcludeLowercase = input.Flag("ExcludeLowercase") ?? defaults.ExcludeLowercase,
            ExcludeUppercase = input.Flag("ExcludeUppercase") ?? defaults.ExcludeUppercase,
            ExcludeNumbers = input.Flag("ExcludeNumbers") ?? defaults.ExcludeNumbers,
            ExcludePunctuation = input.Flag("ExcludePunctuation") ?? defaults.ExcludePunctuation,
            IncludeSpace = input.Flag("IncludeSpace") ?? defaults.IncludeSpace,
            RequireEachIncludedType = input.Flag("RequireEachIncludedType") ?? defaults.RequireEachIncludedType,
        };
    }
}
