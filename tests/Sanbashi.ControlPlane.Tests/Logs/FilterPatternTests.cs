using Sanbashi.ControlPlane.Logs.Api;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Tests.Logs;

public sealed class FilterPatternTests
{
    [Theory]
    [InlineData("", "anything", true)]
    [InlineData("  ", "anything", true)]
    [InlineData("ERROR", "[ERROR 400] BAD REQUEST", true)]
    [InlineData("ERROR", "[error 400]", false)]
    [InlineData("ERROR 400", "[ERROR 400] BAD REQUEST", true)]
    [InlineData("ERROR 401", "[ERROR 400] BAD REQUEST", false)]
    [InlineData("\"BAD REQUEST\"", "[ERROR 400] BAD REQUEST", true)]
    [InlineData("\"REQUEST BAD\"", "[ERROR 400] BAD REQUEST", false)]
    [InlineData("\"[ERROR 4\" BAD", "[ERROR 400] BAD REQUEST", true)]
    [InlineData("\"say \\\"x\\\"\"", "they say \"x\" twice", true)]
    [InlineData("ERROR -BAD", "[ERROR 400] BAD REQUEST", false)]
    [InlineData("ERROR -\"not found\"", "[ERROR 400] BAD REQUEST", true)]
    [InlineData("-healthy", "unhealthy", false)]
    [InlineData("-x", "abc", true)]
    [InlineData("?ERROR ?WARN", "a WARN line", true)]
    [InlineData("?ERROR ?WARN", "a line", false)]
    [InlineData("?ERROR ?\"a line\" -b", "a line", true)]
    [InlineData("?ERROR ?WARN -line", "a WARN line", false)]
    [InlineData("?ERROR line", "a line", true)]
    [InlineData("漢字", "x漢字y", true)]
    public void IsMatch_OfAPattern_IsAsCloudWatchLogsHasIt(string pattern, string text, bool isMatch)
    {
        (FilterPattern.Parse(pattern)?.IsMatch(text) ?? true).ShouldBe(isMatch);
    }

    [Theory]
    [InlineData("{ $.status = 500 }", "patterns over JSON")]
    [InlineData("[ip, user, status=5*]", "patterns over columns")]
    [InlineData("%5[0-9]{2}%", "regular expressions")]
    [InlineData("GET /api", "Invalid character(s) in term '/api'")]
    [InlineData("\"open", "no closing quote")]
    [InlineData("ERROR -", "stands alone")]
    [InlineData("? ERROR", "stands alone")]
    public void Parse_OfWhatItDoesNotKnow_SaysSo(string pattern, string said)
    {
        var error = Should.Throw<ApiException>(() => FilterPattern.Parse(pattern));

        error.Code.ShouldBe("InvalidParameterException");
        error.Message.ShouldContain(said);
    }
}
