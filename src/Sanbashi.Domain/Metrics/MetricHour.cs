using System.Buffers;
using System.IO.Compression;

namespace Sanbashi.Domain.Metrics;

/// <summary>
/// The minutes of one service within one hour, and the text in which they are stored: variable-length numbers, deflated, as base64. Minutes that are not in it were
/// not watched, which is something else than zero.
/// </summary>
public sealed class MetricHour
{
    private const byte Format = 1;

    /// <summary>Fractions are kept in units of a hundredth of a percent.</summary>
    private const double FractionScale = 10_000;

    private readonly SortedDictionary<int, MetricMinute> _minutes = [];

    /// <summary>By the minute of the hour, ascending.</summary>
    public IReadOnlyDictionary<int, MetricMinute> Minutes => _minutes;

    public void Set(int minute, MetricMinute value) => _minutes[minute] = value;

    public string Pack()
    {
        var raw = new ArrayBufferWriter<byte>();
        raw.Write([Format]);
        foreach (var (number, minute) in _minutes)
        {
            raw.Write([(byte)number]);
            Write(raw, minute.Traffic);
            foreach (var gauge in Enum.GetValues<MetricGauge>())
            {
                Write(raw, minute[gauge], ScaleOf(gauge));
            }

            // The end of the list, so that gauges can be added later.
            Write(raw, 0);
        }

        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            deflate.Write(raw.WrittenSpan);
        }

        return Convert.ToBase64String(packed.GetBuffer().AsSpan(0, (int)packed.Length));
    }

    /// <exception cref="FormatException">The text is not an hour that was packed by this version or an older one.</exception>
    public static MetricHour Unpack(string text)
    {
        try
        {
            using var raw = new MemoryStream();
            using (var deflate = new DeflateStream(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress))
            {
                deflate.CopyTo(raw);
            }

            return Read(raw.GetBuffer().AsSpan(0, (int)raw.Length));
        }
        catch (Exception failure) when (failure is InvalidDataException or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            throw new FormatException($"An hour of metrics cannot be read: {failure.Message}", failure);
        }
    }

    private static MetricHour Read(ReadOnlySpan<byte> raw)
    {
        if (raw.Length == 0 || raw[0] != Format)
        {
            throw new FormatException($"An hour of metrics cannot be read: its format is {(raw.Length == 0 ? "missing" : raw[0])}, and this version knows {Format}.");
        }

        var hour = new MetricHour();
        raw = raw[1..];
        while (raw.Length > 0)
        {
            int number = raw[0];
            raw = raw[1..];
            var minute = new MetricMinute();
            ReadTraffic(ref raw, minute.Traffic);
            for (var gauge = 0; Number(ref raw) is > 0 and var marker; gauge++)
            {
                // Gauges of a newer version are passed over.
                var measure = marker > 1 ? ReadMeasure(ref raw, marker - 1, ScaleOf((MetricGauge)gauge)) : Measure.None;
                if (Enum.IsDefined((MetricGauge)gauge))
                {
                    minute[(MetricGauge)gauge] = measure;
                }
            }

            hour._minutes[number] = minute;
        }

        return hour;
    }

    private static double ScaleOf(MetricGauge gauge) => gauge is MetricGauge.Cpu or MetricGauge.Memory ? FractionScale : 1;

    private static void Write(ArrayBufferWriter<byte> raw, TrafficFlow flow)
    {
        Write(raw, flow.IsEmpty ? 0 : 1);
        if (flow.IsEmpty)
        {
            return;
        }

        foreach (var count in flow.Statuses)
        {
            Write(raw, count);
        }

        Write(raw, flow.Refused);
        Write(raw, flow.ColdStarts);
        Write(raw, flow.Highest);
        Write(raw, (long)Math.Round(flow.LatencySeconds * 1e6));
        var latencies = flow.Latency.Counts;
        Write(raw, latencies.First);
        Write(raw, latencies.Counts.Count);
        foreach (var count in latencies.Counts)
        {
            Write(raw, count);
        }
    }

    private static void ReadTraffic(ref ReadOnlySpan<byte> raw, TrafficFlow flow)
    {
        if (Number(ref raw) == 0)
        {
            return;
        }

        for (var i = 0; i < flow.Statuses.Length; i++)
        {
            flow.Statuses[i] = Number(ref raw);
        }

        flow.Refused = Number(ref raw);
        flow.ColdStarts = Number(ref raw);
        flow.Highest = (int)Number(ref raw);
        flow.LatencySeconds = Number(ref raw) / 1e6;
        var first = (int)Number(ref raw);
        var length = (int)Number(ref raw);
        for (var i = 0; i < length; i++)
        {
            flow.Latency.Add(first + i, Number(ref raw));
        }
    }

    /// <summary>Begins with the number of samples plus one, so that none and the end of the list differ.</summary>
    private static void Write(ArrayBufferWriter<byte> raw, Measure measure, double scale)
    {
        Write(raw, measure.Count + 1);
        if (measure.Count > 0)
        {
            Write(raw, (long)Math.Round(measure.Sum * scale));
            Write(raw, (long)Math.Round(measure.Min * scale));
            Write(raw, (long)Math.Round(measure.Max * scale));
        }
    }

    private static Measure ReadMeasure(ref ReadOnlySpan<byte> raw, long count, double scale) =>
        new(count, Number(ref raw) / scale, Number(ref raw) / scale, Number(ref raw) / scale);

    private static void Write(ArrayBufferWriter<byte> raw, long number)
    {
        for (var rest = (ulong)Math.Max(0, number); ; rest >>= 7)
        {
            raw.Write([(byte)(rest < 0x80 ? rest : (rest & 0x7f) | 0x80)]);
            if (rest < 0x80)
            {
                return;
            }
        }
    }

    private static long Number(ref ReadOnlySpan<byte> raw)
    {
        ulong number = 0;
        for (var shift = 0; ; shift += 7)
        {
            var part = raw[0];
            raw = raw[1..];
            number |= (ulong)(part & 0x7f) << shift;
            if (part < 0x80)
            {
                return (long)number;
            }
        }
    }
}
