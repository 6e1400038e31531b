namespace Sanbashi.Domain.Metrics;

/// <summary>Any number of samples of one quantity, by what can be added up: CloudWatch's statistic set.</summary>
public readonly record struct Measure(long Count, double Sum, double Min, double Max)
{
    public static Measure None => default;

    public double Average => Count == 0 ? 0 : Sum / Count;

    public static Measure Of(double value) => new(1, value, value, value);

    public Measure With(double value) => Plus(Of(value));

    public Measure Plus(Measure other) => Count == 0 ? other : other.Count == 0 ? this
        : new Measure(Count + other.Count, Sum + other.Sum, Math.Min(Min, other.Min), Math.Max(Max, other.Max));

    /// <summary>The same samples in another unit.</summary>
    public Measure Times(double factor) => new(Count, Sum * factor, Min * factor, Max * factor);
}
