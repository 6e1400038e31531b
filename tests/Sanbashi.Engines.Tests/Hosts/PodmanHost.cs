namespace Sanbashi.Engines.Tests.Hosts;

/// <summary>A Podman service of its own.</summary>
public sealed class PodmanHost : EngineHost
{
    private readonly PodmanService _service = new();

    public override bool IsPodman => true;

    public override ValueTask DisposeAsync() => _service.DisposeAsync();

    protected override async ValueTask Find()
    {
        if (PodmanService.Absence is { } absence)
        {
            Absence = absence;
            return;
        }

        await _service.Start();
        Socket = _service.Address;
    }
}
