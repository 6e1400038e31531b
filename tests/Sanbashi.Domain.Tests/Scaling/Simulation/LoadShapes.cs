using System.Reflection;

namespace Sanbashi.Domain.Tests.Scaling.Simulation;

/// <summary>
/// The loads of the comparison. Requests come at random (Poisson) around the course, and take an exponentially distributed time of a second on average, so that no
/// two moments are the same; the numbers come from a fixed seed.
/// </summary>
internal static class LoadShapes
{
    private const double MeanWork = 1;
    private const int Settling = 120;

    private static readonly Lazy<IReadOnlyList<LoadShape>> _all = new(() => [Step(), Ramp(), FastRamp(), Burst(), Bursts(), Sawtooth(), LongSawtooth(), Night(), NightToZero(), Recorded("recorded", "an hour of NASA's web server in 1995, a hundred such sites up to a minute apart", 100, 60)]);

    /// <summary>Those for which the comparison is a test.</summary>
    public static IReadOnlyList<LoadShape> All => _all.Value;

    /// <summary>Small loads that only tremble: what a decision of seconds can do for them is little, so they are reported beside the others.</summary>
    public static IReadOnlyList<LoadShape> Trembling =>
    [
        Make("trembling", "20 at once on average for 15 minutes, nothing but chance", 900, 11, _ => 20),
        Recorded("recorded, small", "the same hour, each request ten times within its second", 10, 0),
    ];

    private static LoadShape Step() => Make("step", "20 at once, then 120 for three minutes, then 20", 600, 1, t => t is >= 60 and < 240 ? 120 : 20);

    private static LoadShape Ramp() =>
        Make("ramp", "from 10 to 120 within five minutes, a minute there, and back as slowly", 780, 2, t => t < 300 ? 10 + (110 * t / 300) : t < 360 ? 120 : t < 660 ? 120 - (110 * (t - 360) / 300) : 10);

    private static LoadShape FastRamp() =>
        Make("fast ramp", "from 10 to 120 within 30 s, a minute there, and back as fast", 360, 3, t => t < 60 ? 10 : t < 90 ? 10 + (110 * (t - 60) / 30) : t < 150 ? 120 : t < 180 ? 120 - (110 * (t - 150) / 30) : 10);

    private static LoadShape Burst() => Make("burst", "10 at once, and every 100 s 120 for ten seconds", 600, 4, t => t % 100 is >= 50 and < 60 ? 120 : 10);

    private static LoadShape Bursts() => Make("bursts", "20 s of 120 at once and 20 s of 10, in turn", 600, 5, t => t % 40 is >= 10 and < 30 ? 120 : 10);

    private static LoadShape Sawtooth() => Make("sawtooth", "from 10 to 120 within a minute, then at once back, ten times", 600, 6, t => 10 + (110 * (t % 60) / 60));

    private static LoadShape LongSawtooth() => Make("long sawtooth", "the same with teeth of two minutes, five times", 600, 7, t => 10 + (110 * (t % 120) / 120));

    private static LoadShape Night() => Make("night", NightCourse, 3600, 8, NightLoad);

    private static LoadShape NightToZero() => Make("night, to zero", NightCourse + "; no instance has to stay", 3600, 9, NightLoad, minSize: 0);

    private const string NightCourse = "120 at once, falling to nothing within ten minutes, half an hour with a request every two minutes, and back";

    private static double NightLoad(double t) =>
        t < 300 ? 120 : t < 900 ? Math.Max(120 * (900 - t) / 600, NightCalls) : t < 2700 ? NightCalls : t < 3300 ? Math.Max(120 * (t - 2700) / 600, NightCalls) : 120;

    /// <summary>One request in two minutes.</summary>
    private const double NightCalls = MeanWork / 120;

    /// <summary>
    /// The first hour of August 1995 at the web server of NASA's Kennedy Space Center (Internet Traffic Archive, NASA-HTTP): requests in each second, a hexadecimal digit
    /// for each.
    /// </summary>
    /// <param name="sites">As many sites with this hour, each shifted by up to <paramref name="apart"/> seconds: their rhythm stays, their chances even out.</param>
    private static LoadShape Recorded(string name, string course, int sites, int apart)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream("recorded.txt")!;
        using var reader = new StreamReader(stream);
        var counts = reader.ReadToEnd().Where(char.IsAsciiHexDigit).Select(digit => Convert.ToInt32(digit.ToString(), 16)).ToList();
        var random = new Random(10);
        var arrivals = new List<double>();
        for (var site = 0; site < sites; site++)
        {
            var shift = random.NextDouble() * apart;
            arrivals.AddRange(counts.SelectMany((count, second) => Enumerable.Range(0, count).Select(_ => second + shift + random.NextDouble())));
        }

        var requests = arrivals.Order().Select(arrival => new SimulatedRequest(TimeSpan.FromSeconds(arrival), Work(random))).ToList();
        return new LoadShape(name, course, requests, TimeSpan.FromSeconds(counts.Count), TimeSpan.FromSeconds(Settling), 1);
    }

    /// <param name="load">Requests that are open on average at a second, if none has to wait.</param>
    private static LoadShape Make(string name, string course, int seconds, int seed, Func<double, double> load, int minSize = 1)
    {
        var random = new Random(seed);
        var requests = new List<SimulatedRequest>();
        var most = Enumerable.Range(0, seconds * 4).Max(quarter => load(quarter / 4.0)) * 1.01;
        var at = 0.0;
        while (true)
        {
            at -= Math.Log(1 - random.NextDouble()) * MeanWork / most;
            if (at >= Settling + seconds)
            {
                return new LoadShape(name, course, requests, TimeSpan.FromSeconds(Settling + seconds), TimeSpan.FromSeconds(Settling), minSize);
            }

            if (random.NextDouble() * most <= load(Math.Max(0, at - Settling)))
            {
                requests.Add(new SimulatedRequest(TimeSpan.FromSeconds(at), Work(random)));
            }
        }
    }

    private static TimeSpan Work(Random random) => TimeSpan.FromSeconds(-Math.Log(1 - random.NextDouble()) * MeanWork);
}
