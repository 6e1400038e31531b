using System.Globalization;
using System.Text;

namespace Sanbashi.Wire;

/// <summary>Puts all violations of a request into one message in AWS's style.</summary>
internal static class ValidationMessage
{
    /// <summary>Room for "; and 31 more".</summary>
    private const int TailLength = 16;

    /// <summary>At most <paramref name="maxLength"/> characters: whole violations as far as they fit, then how many are missing.</summary>
    public static string Of(IReadOnlyList<Violation> violations, int maxLength)
    {
        var count = violations.Count;
        var message = new StringBuilder();
        message.Append(CultureInfo.InvariantCulture, $"{count} validation error{(count == 1 ? "" : "s")} detected: ");
        for (var index = 0; index < count; index++)
        {
            var text = violations[index].ToString();
            var room = maxLength - message.Length - (index + 1 < count ? TailLength : 0);
            if (index > 0 && text.Length + 2 > room)
            {
                message.Append(CultureInfo.InvariantCulture, $"; and {count - index} more");
                break;
            }

            message.Append(index > 0 ? "; " : "").Append(Excerpt.Of(text, Math.Max(room, 4)));
        }

        return message.ToString();
    }
}
