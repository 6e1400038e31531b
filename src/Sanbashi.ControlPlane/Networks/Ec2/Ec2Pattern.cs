using System.IO.Enumeration;

namespace Sanbashi.ControlPlane.Networks.Ec2;

/// <summary>The values of filters: <c>*</c> stands for any characters, <c>?</c> for one; a backslash takes the next as it is.</summary>
internal static class Ec2Pattern
{
    public static bool Matches(string pattern, string value) => FileSystemName.MatchesSimpleExpression(pattern, value, ignoreCase: false);
}
