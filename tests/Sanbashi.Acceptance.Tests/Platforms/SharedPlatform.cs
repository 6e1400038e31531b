using Sanbashi.Acceptance.Tests.Engine;
using Sanbashi.Acceptance.Tests.Images;

[assembly: AssemblyFixture(typeof(Sanbashi.Acceptance.Tests.Platforms.SharedPlatform))]

namespace Sanbashi.Acceptance.Tests.Platforms;

/// <summary>The engine of this run with the test images, and one platform for all tests that do not disturb others.</summary>
public sealed class SharedPlatform : IAsyncDisposable
{
    private readonly EngineApi _engine = new(EngineApi.DefaultAddress);
    private readonly Lazy<Task<Platform>> _platform = new(() => Platform.Start());

    public SharedPlatform() => Images = new TestImages(_engine);

    internal TestImages Images { get; }

    /// <summary>Starts it at the first use; skips the test when there is no engine.</summary>
    internal async Task<Platform> Get()
    {
        await RequireEngine();
        return await _platform.Value;
    }

    internal async Task RequireEngine() =>
        Assert.SkipUnless(await _engine.Answers(), $"No container engine answers at {_engine.Address}: start one or set DOCKER_HOST.");

    public async ValueTask DisposeAsync()
    {
        if (_platform.IsValueCreated)
        {
            await (await _platform.Value).DisposeAsync();
        }

        _engine.Dispose();
    }
}
