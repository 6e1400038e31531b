using Sanbashi.Domain.Identity;

namespace Sanbashi.ControlPlane.Logs.Api;

/// <summary>A group as CloudWatch Logs names it: <c>/aws/apprunner/NAME/ID/service</c>, <c>.../application</c>, <c>.../access</c>.</summary>
internal sealed record LogGroupName(string ServiceName, string ServiceId, LogGroup Group)
{
    private const string Prefix = "/aws/apprunner/";

    public override string ToString() => $"{Prefix}{ServiceName}/{ServiceId}/{Suffix(Group)}";

    public string Arn(ResourceScope scope) => $"{ArnPrefix(scope)}{this}";

    public static string ArnPrefix(ResourceScope scope) => $"arn:aws:logs:{scope.Region}:{scope.Account}:log-group:";

    public static LogGroupName? TryParse(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal) || text[Prefix.Length..].Split('/') is not [var name, var id, var suffix])
        {
            return null;
        }

        foreach (var group in Enum.GetValues<LogGroup>())
        {
            if (Suffix(group) == suffix)
            {
                return new LogGroupName(name, id, group);
            }
        }

        return null;
    }

    private static string Suffix(LogGroup group) => group switch
    {
        LogGroup.Service => "service",
        LogGroup.Application => "application",
        _ => "access",
    };
}
