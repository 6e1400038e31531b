using System.Globalization;
using Sanbashi.ControlPlane.Api;
using Sanbashi.Domain.Identity;

namespace Sanbashi.ControlPlane.AutoScaling;

/// <summary>A full or partial ARN: name, revision and id; name and revision; or the name alone, which means its latest active revision.</summary>
internal sealed record AutoScalingArn(string Text, ResourceArn Arn, string Name, int? Revision, string? Id)
{
    private const string Form = "arn:aws:apprunner:<region>:<account>:autoscalingconfiguration/<name>[/<revision>[/<id>]]";

    public static AutoScalingArn Parse(string text)
    {
        var arn = ResourceArn.Parse(text);
        if (arn.Kind != ResourceArn.AutoScalingKind || arn.Path.Count > 3)
        {
            throw ResourceArn.Malformed(text, Form);
        }

        int? revision = null;
        if (arn.Path.Count > 1)
        {
            revision = int.TryParse(arn.Path[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
                ? number
                : throw ResourceArn.Malformed(text, Form);
        }

        return new AutoScalingArn(text, arn, arn.Path[0], revision, arn.Path.Count > 2 ? arn.Path[2] : null);
    }

    public bool IsNameOnly => Revision is null;

    public bool IsIn(ResourceScope scope) => Arn.IsIn(scope);
}
