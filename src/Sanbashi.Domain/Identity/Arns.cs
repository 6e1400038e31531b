namespace Sanbashi.Domain.Identity;

/// <summary>ARN formats of App Runner's resources.</summary>
public static class Arns
{
    public static string Service(ResourceScope scope, string name, string id) => $"{Prefix(scope)}service/{name}/{id}";

    public static string AutoScalingConfiguration(ResourceScope scope, string name, int revision, string id) =>
        $"{Prefix(scope)}autoscalingconfiguration/{name}/{revision}/{id}";

    public static string Prefix(ResourceScope scope) => $"arn:aws:apprunner:{scope.Region}:{scope.Account}:";
}
