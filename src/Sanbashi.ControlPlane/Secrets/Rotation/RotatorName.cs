using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Sanbashi.ControlPlane.Secrets.Rotation.Databases;

namespace Sanbashi.ControlPlane.Secrets.Rotation;

/// <summary>
/// What <c>RotationLambdaARN</c> may be: the ARN of a function with the name of one of AWS's own rotation functions, which is built in here; a URL; or the path of a program.
/// </summary>
internal static partial class RotatorName
{
    private const string Prefix = "SecretsManagerRDS";
    private const string Single = "RotationSingleUser";
    private const string Multi = "RotationMultiUser";

    private static readonly FrozenDictionary<string, DatabaseKind> _kinds = new Dictionary<string, DatabaseKind>
    {
        ["PostgreSQL"] = DatabaseKind.Postgres,
        ["MySQL"] = DatabaseKind.MySql,
        ["MariaDB"] = DatabaseKind.MySql,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The functions that are built in.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } = [.. _kinds.Keys.Order(StringComparer.Ordinal).SelectMany(static kind => new[] { Prefix + kind + Single, Prefix + kind + Multi })];

    /// <summary>Null for what is no built-in function.</summary>
    public static (DatabaseKind Kind, bool IsAlternating)? TryParseBuiltIn(string text) => Function().Match(text) is { Success: true } match
        ? (_kinds[match.Groups["kind"].Value], match.Groups["users"].Value == Multi)
        : null;

    public static Uri? TryParseUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp) ? url : null;

    [GeneratedRegex(@"\Aarn:aws:lambda:[a-z0-9-]+:[0-9]{12}:function:SecretsManagerRDS(?<kind>PostgreSQL|MySQL|MariaDB)(?<users>RotationSingleUser|RotationMultiUser)\z")]
    private static partial Regex Function();
}
