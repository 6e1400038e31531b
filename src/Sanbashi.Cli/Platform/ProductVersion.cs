using System.Reflection;

namespace Sanbashi.Cli.Platform;

internal static class ProductVersion
{
    /// <summary>The version of this build, without the commit that build tools may append.</summary>
    public static string Text { get; } =
        (typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0").Split('+')[0];
}
