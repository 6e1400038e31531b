using System.Diagnostics;
using static Sanbashi.Storage.Tests.Documents;

namespace Sanbashi.Storage.Tests;

/// <summary>Prints how long the store's usual calls take, for <c>--measure ADDRESS</c> with an empty store. Not a test: nothing is asserted of times.</summary>
internal static class Measurement
{
    public const string Argument = "--measure";

    private const int WarmUp = 300;
    private const int Rounds = 1000;

    public static async Task<int> Run(string address)
    {
        await using var store = await DocumentStores.Open(address, TimeProvider.System, null, default);
        await store.AcquireLease("the measurement", _ => { }, default);
        var body = $$"""{"filler":"{{new string('x', 1500)}}"}""";
        await store.Commit([.. Enumerable.Range(0, 200).Select(i => Write($"q{i}", 0, body, kind: "queried", parent: "p"))], default);
        await store.Commit([.. Enumerable.Range(0, 2000).Select(i => Write($"f{i}", 0, body, kind: "filler"))], default);

        await Measure("insert one document, one at a time", i => store.Commit([Write($"a{i}", 0, body, name: $"n{i}", unique: true)], default));
        await Measure("16 inserts at once, all of them", i => Task.WhenAll(Enumerable.Range(0, 16).Select(n => store.Commit([Write($"b{i}-{n}", 0, body)], default))));
        await Measure("get one document", i => store.Get(Key($"a{i % Rounds}"), default));
        await Measure("query 200 of 1.5 kB", _ => store.Query(new DocumentQuery("queried") { Scope = Scope }, default));
        return 0;
    }

    private static async Task Measure(string what, Func<int, Task> call)
    {
        var times = new List<double>();
        for (var i = 0; i < WarmUp + Rounds; i++)
        {
            var start = Stopwatch.GetTimestamp();
            await call(i);
            if (i >= WarmUp)
            {
                times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            }
        }

        times.Sort();
        Console.WriteLine($"{what}: p50 {times[Rounds / 2]:F3} ms, p99 {times[Rounds * 99 / 100]:F3} ms");
    }
}
