using Sanbashi.Cli.Terminal;

namespace Sanbashi.Cli.Tests.Terminal;

public sealed class DurationsTests
{
    [Theory]
    [InlineData(-1, "0 s")]
    [InlineData(0.84, "0.8 s")]
    [InlineData(42, "42 s")]
    [InlineData(185, "3 min 5 s")]
    [InlineData(7800, "2 h 10 min")]
    [InlineData(442800, "5 d 3 h")]
    public void Text_Duration_IsWhatPeopleSay(double seconds, string expected) => Durations.Text(TimeSpan.FromSeconds(seconds)).ShouldBe(expected);
}
