using System.Text.RegularExpressions;
using Npgsql;

namespace Sanbashi.Storage;

/// <summary>
/// A <c>postgres://</c> address in libpq's form: several hosts with commas, an IPv6 address in brackets, a folder of a socket as <c>?host=/run/postgresql</c>,
/// libpq's or Npgsql's names for parameters.
/// </summary>
internal static partial class PostgresUrl
{
    private const int DefaultPort = 5432;
    private const int DefaultPoolSize = 20;

    private static readonly Dictionary<string, string> LibpqNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["host"] = "Host",
        ["port"] = "Port",
        ["user"] = "Username",
        ["password"] = "Password",
        ["dbname"] = "Database",
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
        ["sslnegotiation"] = "SSL Negotiation",
        ["channel_binding"] = "Channel Binding",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
        ["options"] = "Options",
        ["target_session_attrs"] = "Target Session Attributes",
        ["passfile"] = "Passfile",
        ["search_path"] = "Search Path",
    };

    public static bool IsOne(string address) =>
        address.StartsWith("postgres://", StringComparison.OrdinalIgnoreCase) || address.StartsWith("postgresql://", StringComparison.OrdinalIgnoreCase);

    /// <summary>For messages.</summary>
    public static string WithoutSecrets(string address) => SecretParameter().Replace(UserInfo().Replace(address, "$1:***@"), "$1***");

    /// <exception cref="StoreException">It cannot be read; says where.</exception>
    public static NpgsqlConnectionStringBuilder Parse(string url)
    {
        var match = Shape().Match(url);
        if (!match.Success)
        {
            throw Refused(url, "it must be postgres://USER:PASSWORD@HOST:PORT/DATABASE");
        }

        var settings = new NpgsqlConnectionStringBuilder
        {
            ApplicationName = "sanbashi",
            MaxPoolSize = DefaultPoolSize,
            MaxAutoPrepare = 50,
            Timeout = 10,
            CommandTimeout = 30,
            TcpKeepAlive = true,
        };
        SetHosts(settings, match.Groups["hosts"].Value, url);
        SetIfAny(match.Groups["user"], value => settings.Username = value);
        SetIfAny(match.Groups["password"], value => settings.Password = value);
        SetIfAny(match.Groups["database"], value => settings.Database = value);
        foreach (var parameter in match.Groups["parameters"].Value.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            Set(settings, parameter, url);
        }

        settings.Username ??= Environment.UserName;
        settings.Database ??= settings.Username;
        return settings;
    }

    public static string Describe(NpgsqlConnectionStringBuilder settings)
    {
        var place = settings.Host!.Contains(',', StringComparison.Ordinal) || settings.Host.Contains(':', StringComparison.Ordinal) ? settings.Host : $"{settings.Host}:{settings.Port}";
        var schema = settings.SearchPath is { Length: > 0 } path ? $", schema {path}" : "";
        return $"PostgreSQL database {settings.Database} at {place}{schema}";
    }

    private static void SetHosts(NpgsqlConnectionStringBuilder settings, string hosts, string url)
    {
        settings.Host = "localhost";
        settings.Port = DefaultPort;
        if (hosts.Length == 0)
        {
            return;
        }

        var parts = hosts.Split(',').Select(h => HostAndPort(h, url)).ToArray();
        if (parts.Length == 1)
        {
            (settings.Host, settings.Port) = parts[0];
        }
        else
        {
            settings.Host = string.Join(',', parts.Select(p => $"{p.Host}:{p.Port}"));
        }
    }

    private static (string Host, int Port) HostAndPort(string text, string url)
    {
        var match = HostShape().Match(text);
        if (!match.Success)
        {
            throw Refused(url, $"'{text}' is not a host with a port");
        }

        var host = Uri.UnescapeDataString(match.Groups["host"].Value.Trim('[', ']'));
        return (host.Length > 0 ? host : "localhost", match.Groups["port"].Success ? int.Parse(match.Groups["port"].ValueSpan) : DefaultPort);
    }

    private static void Set(NpgsqlConnectionStringBuilder settings, string parameter, string url)
    {
        var parts = parameter.Split('=', 2);
        var name = Uri.UnescapeDataString(parts[0]);
        var value = parts.Length == 2 ? Uri.UnescapeDataString(parts[1]) : "";
        try
        {
            // libpq's verify-full is Npgsql's VerifyFull.
            settings[LibpqNames.GetValueOrDefault(name, name)] = name == "sslmode" ? value.Replace("-", "", StringComparison.Ordinal) : value;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException or OverflowException)
        {
            throw Refused(url, $"the parameter {name} is unknown or its value is not one it can have; see libpq's or Npgsql's connection parameters");
        }
    }

    private static void SetIfAny(Group group, Action<string> set)
    {
        if (group.Length > 0)
        {
            set(Uri.UnescapeDataString(group.Value));
        }
    }

    private static StoreException Refused(string url, string why) => new($"Cannot open the store {WithoutSecrets(url)}: {why}.");

    [GeneratedRegex(@"^postgres(ql)?://((?<user>[^:@/?]*)(:(?<password>[^@/?]*))?@)?(?<hosts>[^/?@]*)(/(?<database>[^?/]*))?(\?(?<parameters>.*))?$", RegexOptions.IgnoreCase)]
    private static partial Regex Shape();

    [GeneratedRegex(@"^(?<host>\[[0-9a-fA-F:.%]+\]|[^:\[\]]*)(:(?<port>[0-9]{1,5}))?$")]
    private static partial Regex HostShape();

    [GeneratedRegex("(://[^:/@?]*):[^/]*@")]
    private static partial Regex UserInfo();

    [GeneratedRegex("([?&](ssl)?password=)[^&]*", RegexOptions.IgnoreCase)]
    private static partial Regex SecretParameter();
}
