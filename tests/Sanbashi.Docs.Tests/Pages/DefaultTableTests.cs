using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace Sanbashi.Docs.Tests.Pages;

/// <summary>A row whose last cells are a default and <c>`Type.Member`</c> states what that member is; both must agree.</summary>
public sealed partial class DefaultTableTests
{
    public static TheoryData<string> PagesWithDefaults { get; } = ["docs/gateway.md", "docs/metrics.md", "docs/operations.md", "docs/app-runner-compatibility.md"];

    [Theory]
    [MemberData(nameof(PagesWithDefaults))]
    public void Defaults_InTables_AreThoseOfTheCode(string page)
    {
        var rows = MarkdownPage.Read(page).TableRows().Where(row => row.Length >= 3 && MemberName().IsMatch(row[2])).ToList();
        rows.ShouldNotBeEmpty();
        var wrong = rows.Select(row => Problem(row[1], MemberName().Match(row[2]))).OfType<string>().ToList();
        wrong.ShouldBeEmpty();
    }

    private static string? Problem(string stated, Match name)
    {
        var value = Value(name.Groups["type"].Value, name.Groups["member"].Value);
        var expected = Read(stated, value, name.Groups["member"].Value);
        return Equals(expected, value) ? null : $"{name.Value} is {value}, the page says {stated}";
    }

    private static object Value(string typeName, string memberName)
    {
        var type = Product.Types().Where(type => type.Name == typeName).ShouldHaveSingleItem($"types called {typeName}");
        const BindingFlags Anything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;
        if (type.GetField(memberName, Anything) is { } field)
        {
            return field.GetValue(null)!;
        }

        var property = type.GetProperty(memberName, Anything).ShouldNotBeNull($"{typeName} has no member {memberName}");
        return property.GetValue(property.GetMethod!.IsStatic ? null : Activator.CreateInstance(type))!;
    }

    /// <summary>What the cell says, in the type of the value: <c>20,000</c>, <c>64 KiB</c>, <c>5 min</c>, <c>`text`</c>.</summary>
    private static object Read(string cell, object like, string member)
    {
        if (like is string)
        {
            return cell.Trim('`');
        }

        var match = Quantity().Match(cell);
        match.Success.ShouldBeTrue($"'{cell}' is no number");
        var number = decimal.Parse(match.Groups["number"].Value.Replace(",", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
        var unit = match.Groups["unit"].Value;
        return like is TimeSpan
            ? Duration((double)number, unit)
            : Convert.ChangeType(number * Bytes(unit) / Bytes(UnitInName(member)), like.GetType(), CultureInfo.InvariantCulture);
    }

    private static TimeSpan Duration(double number, string unit) => unit switch
    {
        "ms" => TimeSpan.FromMilliseconds(number),
        "s" => TimeSpan.FromSeconds(number),
        "min" => TimeSpan.FromMinutes(number),
        "h" => TimeSpan.FromHours(number),
        "d" => TimeSpan.FromDays(number),
        _ => throw new FormatException($"'{unit}' is no unit of time."),
    };

    private static decimal Bytes(string unit) => unit switch
    {
        "" => 1,
        "KiB" => 1024,
        "MiB" => 1024 * 1024,
        "GiB" => 1024 * 1024 * 1024,
        _ => throw new FormatException($"'{unit}' is no unit of size."),
    };

    private static string UnitInName(string member) => member switch
    {
        _ when member.EndsWith("Kilobytes", StringComparison.Ordinal) => "KiB",
        _ when member.EndsWith("Megabytes", StringComparison.Ordinal) => "MiB",
        _ => "",
    };

    [GeneratedRegex(@"^`(?<type>[A-Z]\w+)\.(?<member>[A-Z]\w+)`$")]
    private static partial Regex MemberName();

    [GeneratedRegex(@"^(?<number>[0-9][0-9,.]*)( (?<unit>\w+))?$")]
    private static partial Regex Quantity();
}
