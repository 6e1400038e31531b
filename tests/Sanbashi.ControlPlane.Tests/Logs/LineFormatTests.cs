using System.Text;
using Sanbashi.ControlPlane.Logs;
using Sanbashi.ControlPlane.Logs.Files;
using Sanbashi.Engines;

namespace Sanbashi.ControlPlane.Tests.Logs;

public sealed class LineFormatTests
{
    private const long Stamp = 1_777_716_672_123_456_789;

    [Theory]
    [InlineData("hello")]
    [InlineData("")]
    [InlineData(" two  spaces ")]
    [InlineData("a\nb\r\nc\\n \\ \\\\")]
    [InlineData("\u001b[31mred\u001b[0m\t漢字 🚢")]
    public void Write_ThenParse_GivesTheLineBack(string text)
    {
        var line = new StoredLine(Stamp, LogOrigin.Errors, "main", text, new LogCursor(LogTime.Moment(Stamp), Stamp, 3), IsMark: false);

        var bytes = LineFormat.Write(line);

        bytes.Count(b => b == '\n').ShouldBe(1);
        bytes[^1].ShouldBe((byte)'\n');
        LineFormat.TryParse(bytes.AsSpan(0, bytes.Length - 1), out var parsed).ShouldBeTrue();
        parsed.ShouldBe(line);
    }

    [Fact]
    public void Write_OfEachKind_IsReadableByPeople()
    {
        static string Text(StoredLine line) => Encoding.UTF8.GetString(LineFormat.Write(line));

        Text(new StoredLine(Stamp, LogOrigin.Platform, "", "Deployment started.", null, IsMark: false)).ShouldBe("2026-05-02T10:11:12.123456789Z s - - Deployment started.\n");
        Text(new StoredLine(Stamp, LogOrigin.Output, "main", "x", new LogCursor(LogTime.Moment(Stamp), Stamp, 2), IsMark: false)).ShouldBe("2026-05-02T10:11:12.123456789Z o main 2 x\n");
        Text(new StoredLine(Stamp, LogOrigin.Output, "main", "x", new LogCursor(LogTime.Moment(7), 7, 2), IsMark: false)).ShouldBe("2026-05-02T10:11:12.123456789Z o main 2@7 x\n");
    }

    [Fact]
    public void Write_OfAnEndlessText_CutsIt()
    {
        var bytes = LineFormat.Write(new StoredLine(Stamp, LogOrigin.Platform, "", new string('x', LineFormat.MaxText + 1), null, IsMark: false));

        Encoding.UTF8.GetString(bytes).ShouldEndWith("x ... (cut)\n");
    }

    [Fact]
    public void TryParse_OfDamagedLines_NeverThrows()
    {
        var random = new Random(17);
        var line = LineFormat.Write(new StoredLine(Stamp, LogOrigin.Output, "main", "some \\ text\n", new LogCursor(LogTime.Moment(7), 7, 2), IsMark: false));
        for (var i = 0; i < 20_000; i++)
        {
            var damaged = line[..random.Next(line.Length)];
            for (var n = random.Next(4); n > 0 && damaged.Length > 0; n--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            LineFormat.TryParse(damaged, out _);
            AccessFormat.TryParse(damaged, out _);
        }
    }

    [Theory]
    [InlineData("{\"time\":\"2026-05-02T10:11:12.1234567+00:00\",\"status\":200}", 1_777_716_672_123_456_700)]
    [InlineData("{\"time\":\"2026-05-02T12:11:12+02:00\"}", 1_777_716_672_000_000_000)]
    public void TryParse_OfAnAccessLine_FindsItsTime(string json, long nanoseconds)
    {
        AccessFormat.TryParse(Encoding.UTF8.GetBytes(json), out var line).ShouldBeTrue();

        (line.Nanoseconds, line.Text).ShouldBe((nanoseconds, json));
    }
}
