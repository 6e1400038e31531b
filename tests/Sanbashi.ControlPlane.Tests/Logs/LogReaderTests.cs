using Sanbashi.ControlPlane.Logs;

namespace Sanbashi.ControlPlane.Tests.Logs;

public sealed class LogReaderTests
{
    private const string Service = LogLab.ServiceId;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Read_OfRandomLogs_ComparedWithAPlainList_IsAlike(int seed)
    {
        var random = new Random(seed);
        using var lab = new LogLab(new LogStoreOptions { MaxFileBytes = random.Next(500, 60_000), MaxFiles = 16 });
        var all = Fill(lab, random);
        for (var i = 0; i < 60; i++)
        {
            var query = RandomQuery(random, all);
            var expected = all.Where(r => (query.Streams is null || query.Streams.Contains(r.Stream))
                && r.Nanoseconds >= (query.StartNanoseconds ?? 0)
                && r.Nanoseconds < (query.EndNanoseconds ?? long.MaxValue)
                && (query.Filter?.Invoke(r.Text) ?? true)).ToList();

            Pages(lab, query with { FromHead = true }).ShouldBe(expected, $"seed {seed}, {i} forwards");
            Pages(lab, query with { FromHead = false }).ShouldBe(expected, $"seed {seed}, {i} backwards");
        }
    }

    [Fact]
    public void Read_OfVeryLongLines_FindsThemInBothDirections()
    {
        using var lab = new LogLab();
        for (var i = 0; i < 12; i++)
        {
            lab.Store.AppendEvent(Service, $"{i} {new string('x', i % 3 == 0 ? 200_000 : 10)}");
        }

        var query = new LogQuery(Service, LogGroup.Service) { Limit = 5, MaxBytes = int.MaxValue };
        Pages(lab, query).Select(r => r.Text.Split(' ')[0]).ShouldBe(Enumerable.Range(0, 12).Select(i => $"{i}"));
        Pages(lab, query with { FromHead = false }).Select(r => r.Text.Split(' ')[0]).ShouldBe(Enumerable.Range(0, 12).Select(i => $"{i}"));
    }

    [Fact]
    public void Read_BeyondItsBytes_EndsThePage()
    {
        using var lab = new LogLab();
        for (var i = 0; i < 10; i++)
        {
            lab.Store.AppendEvent(Service, new string('x', 100));
        }

        var page = lab.Store.Read(new LogQuery(Service, LogGroup.Service) { MaxBytes = 300 });

        page.Records.Count.ShouldBe(2);
        page.IsEnd.ShouldBeFalse();
        lab.Store.Read(new LogQuery(Service, LogGroup.Service) { MaxBytes = 1 }).Records.Count.ShouldBe(1);
    }

    [Fact]
    public void Read_AtTheEnd_GoesOnWithWhatIsWrittenLater()
    {
        using var lab = new LogLab();
        lab.Store.AppendEvent(Service, "one");
        var first = lab.Store.Read(new LogQuery(Service, LogGroup.Service));
        var query = new LogQuery(Service, LogGroup.Service) { Cursor = first.Next };
        lab.Store.Read(query).ShouldSatisfyAllConditions(page => page.Records.ShouldBeEmpty(), page => page.IsEnd.ShouldBeTrue());

        lab.Store.AppendEvent(Service, "two");

        lab.Store.Read(query).Records.Single().Text.ShouldBe("two");
    }

    [Fact]
    public async Task Follow_WhileFilesAreWrittenAndPutAside_TellsEachLineOnce()
    {
        using var lab = new LogLab(new LogStoreOptions { MaxFileBytes = 100_000, MaxFiles = 16 });
        const int lines = 5000;
        var writing = Task.Run(() =>
        {
            for (var i = 0; i < lines; i++)
            {
                lab.Store.AppendEvent(Service, $"{i}");
            }
        });

        var seen = new List<string>();
        await foreach (var record in lab.Store.Follow(new LogQuery(Service, LogGroup.Service), LogLab.Deadline()))
        {
            seen.Add(record.Text);
            if (seen.Count == lines)
            {
                break;
            }
        }

        await writing;
        seen.ShouldBe(Enumerable.Range(0, lines).Select(i => $"{i}"));
    }

    [Fact]
    public void Read_OfAnInstanceWithTwoContainers_MergesThemByTime()
    {
        using var lab = new LogLab();
        lab.Store.AppendOutput(Service, "i1", "main", LogLab.Line(300, "main 3"));
        lab.Store.AppendOutput(Service, "i1", "main", LogLab.Line(500, "main 5", isError: true));
        lab.Store.AppendOutput(Service, "i1", "sidecar", LogLab.Line(100, "sidecar 1"));
        lab.Store.AppendOutput(Service, "i1", "sidecar", LogLab.Line(400, "sidecar 4"));
        lab.Store.AppendOutput(Service, "i2", "main", LogLab.Line(450, "other"));

        var records = lab.Store.Read(new LogQuery(Service, LogGroup.Application) { Streams = ["instance/i1"] }).Records;

        records.Select(r => r.Text).ShouldBe(["sidecar 1", "main 3", "sidecar 4", "main 5"]);
        records.Select(r => r.Source).ShouldBe(["sidecar", "main", "sidecar", "main"]);
        records[3].Origin.ShouldBe(LogOrigin.Errors);
        lab.Texts(LogGroup.Application, "instance/i2").ShouldBe(["other"]);
        lab.Store.Streams(Service, LogGroup.Application).Select(s => (s.Name, s.FirstNanoseconds, s.LastNanoseconds)).ShouldBe([("instance/i1", 100, 500), ("instance/i2", 450, 450)]);
    }

    [Fact]
    public void Read_OfAccessLogs_ReadsAllFilesAndLeavesHalfALineAlone()
    {
        using var lab = new LogLab();
        Directory.CreateDirectory(lab.PathOf("access"));
        static string Line(int second, int number) => $"{{\"time\":\"2026-05-02T10:00:{second:D2}.5+00:00\",\"number\":{number}}}\n";
        File.WriteAllText(lab.PathOf("access", "access.2.jsonl"), Line(1, 1) + Line(2, 2));
        File.WriteAllText(lab.PathOf("access", "access.1.jsonl"), Line(4, 3) + Line(3, 4) + Line(5, 5));
        File.WriteAllText(lab.PathOf("access", "access.jsonl"), Line(6, 6) + "{\"time\":\"2026-05-02T10:0");
        File.WriteAllText(lab.PathOf("access", ".rotate"), "");

        int[] Numbers(LogQuery query) => [.. Pages(lab, query).Select(r => int.Parse(r.Text.Split(':')[^1].TrimEnd('}')))];
        var query = new LogQuery(Service, LogGroup.Access) { Limit = 2 };
        Numbers(query).ShouldBe([1, 2, 3, 4, 5, 6]);
        Numbers(query with { StartNanoseconds = At(3) }).ShouldBe([3, 4, 5, 6]);
        Numbers(query with { FromHead = false, Limit = 10 }).Order().ShouldBe([1, 2, 3, 4, 5, 6]);
        lab.Store.Streams(Service, LogGroup.Access).Single().Name.ShouldBe("access");

        File.AppendAllText(lab.PathOf("access", "access.jsonl"), $"0:06.4+00:00\",\"number\":7}}\n{Line(6, 8)}");
        Numbers(query with { StartNanoseconds = At(6) }).ShouldBe([6, 7, 8]);
    }

    private static long At(int second) => LogTime.Of(new DateTimeOffset(2026, 5, 2, 10, 0, second, TimeSpan.Zero));

    private static List<LogRecord> Fill(LogLab lab, Random random)
    {
        var stamp = 1_000L;
        for (var i = 0; i < 1500; i++)
        {
            // Streams fall behind each other by some time, as catching up brings about.
            stamp += random.Next(3);
            var instance = random.Next(3);
            lab.Store.AppendOutput(Service, $"i{instance}", random.Next(4) == 0 ? "sidecar" : "main", LogLab.Line(stamp - (instance * 500), $"{i} {(random.Next(5) == 0 ? "ERROR" : "fine")} {new string('.', random.Next(120))}"));
        }

        return [.. Pages(lab, new LogQuery(Service, LogGroup.Application)).OrderBy(r => r.Nanoseconds).ThenBy(r => r.Position.Key, StringComparer.Ordinal)];
    }

    private static LogQuery RandomQuery(Random random, List<LogRecord> all)
    {
        long? Stamp() => random.Next(2) == 0 ? null : all[random.Next(all.Count)].Nanoseconds + random.Next(-1, 2);

        return new LogQuery(Service, LogGroup.Application)
        {
            Streams = random.Next(2) == 0 ? null : [$"instance/i{random.Next(3)}", $"instance/i{random.Next(4)}"],
            StartNanoseconds = Stamp(),
            EndNanoseconds = Stamp(),
            Filter = random.Next(2) == 0 ? null : text => text.Contains("ERROR", StringComparison.Ordinal),
            Limit = random.Next(1, 400),
        };
    }

    /// <summary>All pages put together, in ascending order.</summary>
    private static List<LogRecord> Pages(LogLab lab, LogQuery query)
    {
        var records = new List<LogRecord>();
        while (true)
        {
            var page = lab.Store.Read(query);
            records.InsertRange(query.FromHead ? records.Count : 0, page.Records);
            if (page.IsEnd)
            {
                return records;
            }

            query = query with { Cursor = page.Next };
        }
    }
}
