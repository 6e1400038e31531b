using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Sanbashi.ControlPlane.Secrets.Rotation;

/// <summary>Counts how rotations end. Instruments of the meter <c>sanbashi.secrets</c>.</summary>
internal static class RotationMetrics
{
    private static readonly Meter _meter = new("sanbashi.secrets");
    private static readonly Counter<long> _rotations = _meter.CreateCounter<long>("sanbashi.secret.rotations", description: "Rotations of secrets by result; failed ones by attempt");

    public static void Ended(bool isRotated) => _rotations.Add(1, new TagList { { "result", isRotated ? "rotated" : "failed" } });
}
