using System.Text;
using Sanbashi.Engines.Docker.Logs;

namespace Sanbashi.Engines.Tests.Docker.Logs;

public sealed class LogAssemblerTests
{
    [Fact]
    public void Accept_PartsOfALine_AreJoined()
    {
        var lines = Read(null, (false, 1, "aaa"), (false, 1, "bbb"), (false, 1, "ccc\n"), (false, 2, "d\n"));

        lines.Select(line => line.Text).ShouldBe(["aaabbbccc", "d"]);
        lines.Select(line => line.Cursor.CountAtStamp).ShouldBe([1, 1]);
    }

    [Fact]
    public void Accept_LineEndOfWindows_IsTakenOff()
    {
        Read(null, (false, 1, "a\r\n"), (true, 1, "\n")).Select(line => (line.IsError, line.Text)).ShouldBe([(false, "a"), (true, "")]);
    }

    [Fact]
    public void Accept_LineLongerThanTheCap_ComesInPieces()
    {
        var part = new string('x', 16 * 1024);
        var frames = Enumerable.Range(0, 40).Select(_ => (false, 1L, part)).Append((false, 1L, "end\n")).ToArray();

        var lines = Read(null, frames);

        lines.Select(line => line.Text.Length).ShouldBe([LogAssembler.LongestLine, LogAssembler.LongestLine, (8 * 16 * 1024) + 3]);
    }

    [Fact]
    public void Accept_FrameWithoutStamp_KeepsTheOneBefore()
    {
        var assembler = new LogAssembler(null);
        assembler.Accept(false, Frame(5, "a\n")).ToList();

        assembler.Accept(false, "no stamp here\n"u8).Single().Cursor.Nanoseconds.ShouldBe(5);
    }

    [Fact]
    public void Cursor_AfterEveryLine_GoesOnWithTheNext()
    {
        // What Docker sends: parts carry the stamp of the first, other streams come between, stamps repeat and step back.
        (bool, long, string)[] frames =
        [
            (false, 10, "a\n"), (true, 10, "b\n"), (false, 10, "c\n"), (false, 11, "d1"), (true, 12, "e\n"), (true, 13, "f\n"), (false, 11, "d2\n"),
            (true, 13, "g\n"), (false, 14, "h1"), (true, 15, "i1"), (false, 14, "h2\n"), (true, 15, "i2\n"), (false, 15, "j\n"), (false, 20, "\n"),
        ];
        var all = Read(null, frames);
        all.Select(line => line.Text).ShouldBe(["a", "b", "c", "e", "f", "d1d2", "g", "h1h2", "i1i2", "j", ""]);

        foreach (var (line, index) in all.Select((line, index) => (line, index)))
        {
            Read(line.Cursor, Since(frames, line.Cursor)).Select(rest => rest.Text).ShouldBe(all.Skip(index + 1).Select(rest => rest.Text), $"after '{line.Text}'");
        }
    }

    [Fact]
    public void Cursor_RandomStreams_NeverLosesOrRepeats()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var frames = RandomFrames(new Random(seed));
            var all = Read(null, frames);
            foreach (var (line, index) in all.Select((line, index) => (line, index)))
            {
                var rest = Read(line.Cursor, Since(frames, line.Cursor));
                rest.Select(next => next.Text).ShouldBe(all.Skip(index + 1).Select(next => next.Text), $"seed {seed} after line {index}");

                // Cursors of a resumed reader are as good as those of the first.
                if (rest.Count > 0)
                {
                    Read(rest[0].Cursor, Since(frames, rest[0].Cursor)).Count.ShouldBe(all.Count - index - 2, $"seed {seed} after lines {index} and {index + 1}");
                }
            }
        }
    }

    [Fact]
    public void Accept_LinesRotatedAway_LeaveAVisibleGap()
    {
        var cursor = Read(null, (false, 10, "a\n"), (false, 11, "b\n"))[1].Cursor;

        var lines = Read(cursor, (false, 30, "x\n"), (false, 31, "y\n"));

        lines.Count.ShouldBe(3);
        lines[0].IsError.ShouldBeTrue();
        lines[0].Text.ShouldContain("missing");
        lines.Skip(1).Select(line => line.Text).ShouldBe(["x", "y"]);
    }

    [Fact]
    public void Finish_OpenLines_AreHandedOver()
    {
        var assembler = new LogAssembler(null);
        assembler.Accept(false, Frame(1, "half")).ShouldBeEmpty();

        assembler.Finish().Select(line => line.Text).ShouldBe(["half"]);
        assembler.Finish().ShouldBeEmpty();
    }

    private static (bool, long, string)[] RandomFrames(Random random)
    {
        var frames = new List<(bool, long, string)>();
        var stamp = 100L;
        long?[] open = [null, null];
        for (var i = 0; i < 40; i++)
        {
            stamp += random.Next(3);
            var stream = random.Next(2);
            var begun = open[stream] ?? stamp;
            var ends = random.Next(3) > 0;
            frames.Add((stream == 1, begun, $"{i}{(ends ? "\n" : "+")}"));
            open[stream] = ends ? null : begun;
        }

        return [.. frames];
    }

    private static (bool, long, string)[] Since((bool IsError, long Stamp, string Text)[] frames, LogCursor cursor) =>
        [.. frames.Where(frame => frame.Stamp >= cursor.Nanoseconds)];

    private static List<LogLine> Read(LogCursor? after, params (bool IsError, long Stamp, string Text)[] frames)
    {
        var assembler = new LogAssembler(after);
        return [.. frames.SelectMany(frame => assembler.Accept(frame.IsError, Frame(frame.Stamp, frame.Text)))];
    }

    private static byte[] Frame(long stamp, string text) => Encoding.UTF8.GetBytes($"1970-01-01T00:00:00.{stamp:D9}Z {text}");
}
