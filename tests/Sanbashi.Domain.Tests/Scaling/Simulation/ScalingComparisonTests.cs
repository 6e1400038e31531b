using System.Globalization;

namespace Sanbashi.Domain.Tests.Scaling.Simulation;

/// <summary><c>SANBASHI_SCALING_REPORT=FILE</c> writes the figures down as a Markdown table (bench/scaling/run does).</summary>
public sealed class ScalingComparisonTests
{
    /// <summary>Applications that start at once, within a second, and slowly.</summary>
    private static readonly double[] _startDelays = [0.3, 1, 3];

    public static TheoryData<string> Shapes => [.. LoadShapes.All.Select(shape => shape.Name)];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Shape_ByBothRules_WaitsLessAndHasLessInExcessThanWithKnative(string name) =>
        ShouldBeBetter(ScalingComparison.Of(LoadShapes.All.Single(shape => shape.Name == name), TimeSpan.FromSeconds(1)));

    [Fact]
    public void Report_WhenAskedFor_IsWritten()
    {
        if (Environment.GetEnvironmentVariable("SANBASHI_SCALING_REPORT") is not { } path)
        {
            return;
        }

        var lines = new List<string>
        {
            "| load | start | excess, instance-seconds: Sanbashi | Knative | ratio | waiting, request-seconds: Sanbashi | Knative | ratio | longest wait: Sanbashi | Knative | starts: Sanbashi | Knative |",
            "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
        };
        var compared = LoadShapes.All.SelectMany(OfEachDelay).ToList();
        lines.AddRange(compared.Concat(LoadShapes.Trembling.SelectMany(OfEachDelay)).Select(Row));
        File.WriteAllLines(path, lines);
        compared.ForEach(ShouldBeBetter);
    }

    private static IEnumerable<ScalingComparison> OfEachDelay(LoadShape shape) => _startDelays.Select(delay => ScalingComparison.Of(shape, TimeSpan.FromSeconds(delay)));

    private static void ShouldBeBetter(ScalingComparison comparison)
    {
        comparison.Sanbashi.Waited.ShouldBeLessThan(comparison.Knative.Waited, comparison.Shape.Name);
        comparison.Sanbashi.Excess.ShouldBeLessThan(comparison.Knative.Excess, comparison.Shape.Name);
        comparison.Sanbashi.Lost.ShouldBe(0);
    }

    private static string Row(ScalingComparison comparison)
    {
        var (ours, theirs) = (comparison.Sanbashi, comparison.Knative);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"| {comparison.Shape.Name} | {comparison.StartDelay.TotalSeconds} s | {ours.Excess:0} | {theirs.Excess:0} | {ours.Excess / theirs.Excess:0.00} | {ours.Waited:0.0} | {theirs.Waited:0.0} | {ours.Waited / theirs.Waited:0.00} | {ours.Longest:0.0} s | {theirs.Longest:0.0} s | {ours.Starts} | {theirs.Starts} |");
    }
}
