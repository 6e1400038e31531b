using System.Reflection;

namespace Sanbashi.Docs.Tests;

/// <summary>The product's own assemblies, internal types included.</summary>
internal static class Product
{
    private static readonly string[] _names =
        ["sanbashi", "Sanbashi.ControlPlane", "Sanbashi.Gateway", "Sanbashi.Engines", "Sanbashi.Storage", "Sanbashi.Wire", "Sanbashi.Domain"];

    public static IEnumerable<Type> Types() => _names.Select(name => Assembly.Load(name)).SelectMany(assembly => assembly.GetTypes());

    public static Type Type(string fullName) => Types().Single(type => type.FullName == fullName);
}
