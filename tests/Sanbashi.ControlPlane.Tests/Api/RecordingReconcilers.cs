using System.Collections.Concurrent;
using Sanbashi.ControlPlane.Services;

namespace Sanbashi.ControlPlane.Tests.Api;

internal sealed class RecordingReconcilers : IServiceReconcilers
{
    private readonly ConcurrentQueue<string> _signalled = [];

    public IReadOnlyList<string> Signalled => [.. _signalled];

    public void Signal(string serviceId) => _signalled.Enqueue(serviceId);
}
