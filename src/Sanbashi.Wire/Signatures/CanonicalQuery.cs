using System.Text;

namespace Sanbashi.Wire;

/// <summary>
/// The query string as it is signed: parameters sorted by encoded name and value. The rules encode each character anew;
/// botocore signs a query that is part of a URL just as it stands. Both name exactly what was sent, so both are accepted.
/// </summary>
internal static class CanonicalQuery
{
    /// <summary>Parameters as sent, only sorted.</summary>
    public static string AsSent(string rawQuery) => Build(rawQuery, static part => part);

    /// <summary>Parameters decoded and encoded again. A plus sign is a space, as in forms: botocore sends one and signs the other.</summary>
    public static string Encoded(string rawQuery) =>
        Build(rawQuery, static part => PercentEncoding.Normalize(part.Replace("+", "%20", StringComparison.Ordinal)));

    private static string Build(string rawQuery, Func<string, string> spell)
    {
        if (rawQuery.Length == 0)
        {
            return "";
        }

        var parameters = new List<(string Name, string Value)>();
        foreach (var pair in rawQuery.Split('&'))
        {
            var equals = pair.IndexOf('=', StringComparison.Ordinal);
            var (name, value) = equals < 0 ? (pair, "") : (pair[..equals], pair[(equals + 1)..]);
            if (pair.Length > 0 && name != PresignedQuery.Signature)
            {
                parameters.Add((spell(name), spell(value)));
            }
        }

        parameters.Sort(static (left, right) =>
            string.CompareOrdinal(left.Name, right.Name) is not 0 and var order ? order : string.CompareOrdinal(left.Value, right.Value));
        var canonical = new StringBuilder(rawQuery.Length);
        foreach (var (name, value) in parameters)
        {
            canonical.Append(canonical.Length > 0 ? "&" : "").Append(name).Append('=').Append(value);
        }

        return canonical.ToString();
    }
}
