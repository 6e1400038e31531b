using System.Globalization;

namespace Sanbashi.Wire.Tests.Fuzzing;

/// <summary>
/// Runs a target with many random inputs. <c>SANBASHI_FUZZ_COUNT</c> sets how many per target (default 10,000),
/// <c>SANBASHI_FUZZ_SEED</c> where to begin (default 1). A failure names the seed of its one input.
/// </summary>
internal static class Fuzz
{
    public static int Count { get; } = Setting("SANBASHI_FUZZ_COUNT", 10_000);

    public static int Seed { get; } = Setting("SANBASHI_FUZZ_SEED", 1);

    public static void Run(Action<Mutator> target)
    {
        for (var index = 0; index < Count; index++)
        {
            var seed = unchecked(Seed + index);
            try
            {
                target(new Mutator(seed));
            }
            catch (Exception found)
            {
                throw new InvalidOperationException($"Found with SANBASHI_FUZZ_SEED={seed} SANBASHI_FUZZ_COUNT=1: {found.Message}", found);
            }
        }
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
