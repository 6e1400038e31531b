using System.Globalization;
using System.Net;

namespace Sanbashi.Domain.Identity.Policies;

/// <summary>One value of a condition, prepared for its operator.</summary>
public sealed class ConditionValue
{
    private readonly ConditionOperator _operator;
    private readonly decimal? _number;
    private readonly DateTimeOffset? _date;
    private readonly IPNetwork? _network;

    private ConditionValue(PolicyText text, ConditionOperator @operator, decimal? number, DateTimeOffset? date, IPNetwork? network)
    {
        Text = text;
        _operator = @operator;
        _number = number;
        _date = date;
        _network = network;
    }

    public PolicyText Text { get; }

    /// <summary>Null: the text is none for this operator.</summary>
    public static ConditionValue? Of(string text, ConditionOperator @operator, bool withVariables)
    {
        var isGlob = @operator is ConditionOperator.StringLike or ConditionOperator.ArnLike;
        var parsed = PolicyText.Of(text, isGlob, withVariables);
        if (parsed.HasVariables)
        {
            return new ConditionValue(parsed, @operator, null, null, null);
        }

        var (number, date, network) = (IsNumeric(@operator) ? Number(text) : null, IsDate(@operator) ? Date(text) : null, @operator == ConditionOperator.IpAddress ? Network(text) : null);
        var isFine = @operator switch
        {
            _ when IsNumeric(@operator) => number is not null,
            _ when IsDate(@operator) => date is not null,
            ConditionOperator.IpAddress => network is not null,
            ConditionOperator.Bool or ConditionOperator.Null => bool.TryParse(text, out _),
            ConditionOperator.BinaryEquals => Binary(text) is not null,
            _ => true,
        };
        return isFine ? new ConditionValue(parsed, @operator, number, date, network) : null;
    }

    /// <summary>Null: a variable in it has no value.</summary>
    internal bool? Matches(string actual, PolicyRequest request) => Text.Resolve(request) is not { } expected ? null : _operator switch
    {
        ConditionOperator.StringEquals => expected == actual,
        ConditionOperator.StringEqualsIgnoreCase => expected.Equals(actual, StringComparison.OrdinalIgnoreCase),
        ConditionOperator.StringLike => Glob.Matches(expected, actual, ignoreCase: false),
        ConditionOperator.ArnLike => Glob.MatchesArn(expected, actual),
        ConditionOperator.Bool => expected.Equals(actual, StringComparison.OrdinalIgnoreCase),
        ConditionOperator.BinaryEquals => Binary(expected) is { } left && Binary(actual) is { } right && left.AsSpan().SequenceEqual(right),
        ConditionOperator.IpAddress => (_network ?? Network(expected)) is { } network && Address(actual) is { } address && network.Contains(address),
        _ when IsNumeric(_operator) => (_number ?? Number(expected)) is { } number && Number(actual) is { } given && Compare(given.CompareTo(number)),
        _ => (_date ?? Date(expected)) is { } date && Date(actual) is { } time && Compare(time.CompareTo(date)),
    };

    private bool Compare(int order) => _operator switch
    {
        ConditionOperator.NumericEquals or ConditionOperator.DateEquals => order == 0,
        ConditionOperator.NumericLessThan or ConditionOperator.DateLessThan => order < 0,
        ConditionOperator.NumericLessThanEquals or ConditionOperator.DateLessThanEquals => order <= 0,
        ConditionOperator.NumericGreaterThan or ConditionOperator.DateGreaterThan => order > 0,
        _ => order >= 0,
    };

    private static bool IsNumeric(ConditionOperator @operator) => @operator is >= ConditionOperator.NumericEquals and <= ConditionOperator.NumericGreaterThanEquals;

    private static bool IsDate(ConditionOperator @operator) => @operator is >= ConditionOperator.DateEquals and <= ConditionOperator.DateGreaterThanEquals;

    private static decimal? Number(string text) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>ISO 8601, or seconds since the epoch.</summary>
    private static DateTimeOffset? Date(string text)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds))
        {
            // A year of four digits alone is a date too, but none that anybody means as seconds.
            return seconds is > 9999 or < 1000
                ? seconds is >= -62_135_596_800 and <= 253_402_300_799 ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null
                : new DateTimeOffset((int)seconds, 1, 1, 0, 0, 0, TimeSpan.Zero);
        }

        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var date) ? date : null;
    }

    /// <summary>An address, or a range whose address may have bits behind the mask.</summary>
    private static IPNetwork? Network(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        if (Address(slash < 0 ? text : text[..slash]) is not { } address)
        {
            return null;
        }

        var bytes = address.GetAddressBytes();
        var bits = bytes.Length * 8;
        var length = bits;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out length) || length > bits))
        {
            return null;
        }

        for (var bit = length; bit < bits; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPNetwork(new IPAddress(bytes), length);
    }

    private static IPAddress? Address(string text) =>
        !IPAddress.TryParse(text, out var address) ? null : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static byte[]? Binary(string text)
    {
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length) ? bytes[..length] : null;
    }
}
