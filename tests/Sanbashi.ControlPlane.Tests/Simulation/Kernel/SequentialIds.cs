using System.Globalization;
using Sanbashi.ControlPlane.Services;

namespace Sanbashi.ControlPlane.Tests.Simulation;

/// <summary>Ids that look like any others, in an order that the seed decides, and that can be read in a trace by their first digits.</summary>
internal sealed class SequentialIds(int seed) : IIdGenerator
{
    private readonly Random _random = new(seed ^ 0x5eed);
    private int _count;

    public string NewId() => string.Create(CultureInfo.InvariantCulture, $"{_random.Next(0x10000):x4}{++_count:x4}{_random.NextInt64():x16}00000000");
}
