using System.Net;
using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Bench.Soak;

/// <summary>Load that rises and falls without end, so that instances come and go all the time: every client asks again as soon as it has its answer.</summary>
internal sealed class Tide(GatewayClient gateway, string host, string path, int most, TimeSpan period)
{
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly Dictionary<string, int> _failures = [];
    private int _answered;

    public int Answered => Volatile.Read(ref _answered);

    public IReadOnlyDictionary<string, int> Failures => _failures;

    public async Task Run(CancellationToken stop)
    {
        var begun = _time.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, most).Select(async index =>
        {
            while (!stop.IsCancellationRequested)
            {
                if (Wanted(_time.GetElapsedTime(begun)) > index)
                {
                    await AskOnce();
                }
                else
                {
                    await Task.Delay(period / most, _time, CancellationToken.None);
                }
            }
        }));
    }

    public async Task AskOnce()
    {
        try
        {
            var (status, body) = await gateway.Get(host, path);
            if (status == HttpStatusCode.OK)
            {
                Interlocked.Increment(ref _answered);
                return;
            }

            Count($"{(int)status}: {body.Split('\n')[0]}");
        }
        catch (HttpRequestException failure)
        {
            Count(failure.Message);
        }
    }

    private double Wanted(TimeSpan elapsed)
    {
        var part = elapsed / period % 1;
        return most * (part < 0.5 ? 2 * part : 2 - 2 * part);
    }

    private void Count(string reason)
    {
        lock (_failures)
        {
            _failures[reason] = _failures.GetValueOrDefault(reason) + 1;
        }
    }
}
