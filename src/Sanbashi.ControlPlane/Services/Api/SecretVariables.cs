using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Parameters;
using Sanbashi.Domain.Secrets;

namespace Sanbashi.ControlPlane.Services.Api;

/// <summary>What can be said of secret variables before they are read at deployment.</summary>
internal static class SecretVariables
{
    /// <exception cref="Wire.ApiException">A name is reserved, impossible or used twice, or a reference can't be one.</exception>
    public static void Check(IReadOnlyDictionary<string, string> secrets, IReadOnlyDictionary<string, string> variables)
    {
        foreach (var (name, reference) in secrets)
        {
            if (name == "PORT")
            {
                throw ApiErrors.InvalidRequest("RuntimeEnvironmentSecrets: PORT is reserved. It is set for the application from ImageConfiguration.Port; change that instead.");
            }

            if (name.AsSpan().ContainsAny('=', '\0'))
            {
                throw ApiErrors.InvalidRequest($"RuntimeEnvironmentSecrets: the name of a variable cannot have '=' or NUL. Found in '{Excerpt.Of(name)}'.");
            }

            if (variables.ContainsKey(name))
            {
                throw ApiErrors.InvalidRequest($"'{Excerpt.Of(name)}' is in RuntimeEnvironmentVariables and in RuntimeEnvironmentSecrets. Give it in one of them.");
            }

            if (SecretReference.TryParse(reference) is null && ParameterReference.TryParse(reference) is null)
            {
                throw ApiErrors.InvalidRequest(
                    $"RuntimeEnvironmentSecrets: '{Excerpt.Of(name)}' refers neither to a secret nor to a parameter. Give the ARN of a secret, arn:aws:secretsmanager:<region>:<account>:secret:<name>, with :<json-key>:<version-stage>:<version-id> behind it where needed, or the name or ARN of a parameter, arn:aws:ssm:<region>:<account>:parameter/<name>.");
            }
        }
    }
}
