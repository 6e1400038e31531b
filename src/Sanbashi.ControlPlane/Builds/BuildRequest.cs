using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Builds;

/// <summary>Reads what to build from the query: <c>tag</c> (required), <c>dockerfile</c>, <c>target</c>, and <c>arg=NAME=VALUE</c> any number of times.</summary>
internal static partial class BuildRequest
{
    private const int MaxArguments = 100;

    /// <exception cref="Wire.ApiException">Something is missing or cannot be.</exception>
    public static ImageBuildOptions Read(IQueryCollection query)
    {
        var tag = query["tag"].ToString();
        if (tag.Length > 255 || !Reference().IsMatch(tag))
        {
            throw ApiErrors.InvalidRequest($"The tag '{Excerpt.Of(tag)}' of the build is not a name such as app:1 or team/app:1 (lower case). Give it as ?tag=NAME.");
        }

        var dockerfile = query["dockerfile"] is [{ Length: > 0 } given, ..] ? given : "Dockerfile";
        if (dockerfile.Length > 1024 || dockerfile.StartsWith('/') || dockerfile.Split('/').Contains(".."))
        {
            throw ApiErrors.InvalidRequest($"The dockerfile '{Excerpt.Of(dockerfile)}' of the build must be a path inside the context, without '..'.");
        }

        return new ImageBuildOptions(tag, dockerfile, Arguments(query), query["target"] is [{ Length: > 0 } target, ..] ? target : null);
    }

    private static Dictionary<string, string> Arguments(IQueryCollection query)
    {
        var arguments = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in query["arg"])
        {
            if (pair?.Split('=', 2) is not [{ Length: > 0 } name, var value])
            {
                throw ApiErrors.InvalidRequest($"The build argument '{Excerpt.Of(pair ?? "")}' is not of the form NAME=VALUE.");
            }

            arguments[name] = value;
        }

        return arguments.Count <= MaxArguments ? arguments : throw ApiErrors.InvalidRequest($"The build has {arguments.Count} arguments; at most {MaxArguments} are allowed.");
    }

    /// <summary>A reference without digest (the distribution project's grammar).</summary>
    [GeneratedRegex(@"\A(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::[0-9]+)?/)?[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?\z")]
    private static partial Regex Reference();
}
