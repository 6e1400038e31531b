using Sanbashi.Engines.Tests.Hosts;

[assembly: AssemblyFixture(typeof(Sanbashi.Acceptance.Tests.Platforms.PodmanPlatform))]

namespace Sanbashi.Acceptance.Tests.Platforms;

/// <summary>Platforms on a Podman of their own, which the first test that wants it starts.</summary>
public sealed class PodmanPlatform : SharedPlatform
{
    private readonly PodmanService _podman;
    private readonly Lazy<Task> _start;

    public PodmanPlatform()
        : this(new PodmanService())
    {
    }

    private PodmanPlatform(PodmanService podman)
        : base(podman.Address)
    {
        _podman = podman;
        _start = new Lazy<Task>(podman.Start);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _podman.DisposeAsync();
    }

    internal override async Task RequireEngine()
    {
        Assert.SkipWhen(PodmanService.Absence is not null, PodmanService.Absence ?? "");
        await _start.Value;
    }
}
