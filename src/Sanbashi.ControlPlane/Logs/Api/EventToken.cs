using System.Globalization;

namespace Sanbashi.ControlPlane.Logs.Api;

/// <summary>
/// Tokens of GetLogEvents, in the form of CloudWatch Logs: <c>f/...</c> goes on after a line, <c>b/...</c> before one. They hold for the stream whatever the
/// other parameters are, as clients expect.
/// </summary>
internal sealed record EventToken(bool IsForward, LogPosition Position)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{(IsForward ? 'f' : 'b')}/{Position.Nanoseconds:D20}{(Position.Key is { } key ? $"/{key}" : "")}/s");

    public static EventToken Parse(string text)
    {
        var end = text.EndsWith("/s", StringComparison.Ordinal) ? text.Length - 2 : -1;
        if (end < 22 || text[1] != '/' || text[0] is not ('f' or 'b')
            || !long.TryParse(text.AsSpan(2, 20), NumberStyles.None, CultureInfo.InvariantCulture, out var nanoseconds)
            || (end > 22 && text[22] != '/'))
        {
            throw LogErrors.InvalidToken();
        }

        return new EventToken(text[0] == 'f', new LogPosition(nanoseconds, end > 22 ? text[23..end] : null));
    }
}
