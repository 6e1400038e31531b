using Sanbashi.Domain.Routing;

namespace Sanbashi.Domain.Settings;

/// <summary>Who may call, with a name and a password that is only kept as a hash.</summary>
internal static class BasicAuthSetting
{
    public static SettingDefinition Define() => new()
    {
        Name = "basic-auth",
        Type = SettingType.Users,
        AppliesBy = SettingAppliesBy.Live,
        Default = "",
        Allowed = "a list of NAME:HASH with hashes of the form $pbkdf2-sha256$ITERATIONS$SALT$CHECKSUM ('sanbashi svc hash-password NAME' makes one)",
        Description = "Names and passwords that the gateway asks callers for (HTTP Basic authentication). The Authorization header then stays at the gateway.",
        Read = (text, settings) =>
        {
            var users = new List<RouteUser>();
            foreach (var part in text.Split(',', StringSplitOptions.TrimEntries))
            {
                if (Read(part, users) is { } problem)
                {
                    return SettingReading.Bad(problem);
                }
            }

            return SettingReading.Ok(settings with { Access = settings.Access with { Users = users } }, string.Join(',', users.Select(user => $"{user.Name}:{user.PasswordHash}")));
        },
    };

    private static string? Read(string part, List<RouteUser> users)
    {
        var colon = part.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
        {
            return "an entry is not of the form NAME:HASH";
        }

        var name = part[..colon];
        if (name.Any(char.IsControl) || users.Any(user => user.Name == name))
        {
            return $"the name '{name}' is given twice or has control characters";
        }

        if (!PasswordHash.TryParse(part[(colon + 1)..], out var hash, out var problem))
        {
            return problem;
        }

        users.Add(new RouteUser(name, hash.ToString()));
        return null;
    }
}
