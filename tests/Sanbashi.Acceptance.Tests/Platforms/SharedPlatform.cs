using Sanbashi.Acceptance.Tests.Engine;
using Sanbashi.Acceptance.Tests.Images;

[assembly: AssemblyFixture(typeof(Sanbashi.Acceptance.Tests.Platforms.SharedPlatform))]

namespace Sanbashi.Acceptance.Tests.Platforms;

/// <summary>
/// An engine with the test images, one platform on it for all tests that do not disturb others, and more of the kind for those that do.
/// This one: the engine of the run and SQLite.
/// </summary>
public class SharedPlatform : IAsyncDisposable
{
    private readonly EngineApi _engine;
    private readonly Lazy<Task<Platform>> _platform;

    public SharedPlatform()
        : this(EngineApi.DefaultAddress)
    {
    }

    protected SharedPlatform(string engine)
    {
        _engine = new EngineApi(engine);
        _platform = new Lazy<Task<Platform>>(() => StartOne([]));
        Images = new TestImages(_engine);
    }

    internal TestImages Images { get; }

    /// <summary>Starts the platform at the first use; skips the test when there is no engine.</summary>
    internal async Task<Platform> Get()
    {
        await RequireEngine();
        return await _platform.Value;
    }

    /// <summary>Starts one that the caller alone has; skips the test when there is no engine.</summary>
    /// <param name="arguments">More arguments of <c>sanbashi up</c>.</param>
    internal async Task<Platform> Start(params string[] arguments)
    {
        await RequireEngine();
        return await StartOne(arguments);
    }

    internal virtual async Task RequireEngine() =>
        Assert.SkipUnless(await _engine.Answers(), $"No container engine answers at {_engine.Address}: start one or set DOCKER_HOST.");

    public virtual async ValueTask DisposeAsync()
    {
        if (_platform.IsValueCreated)
        {
            await (await _platform.Value).DisposeAsync();
        }

        _engine.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Where a new platform keeps its documents; null: in its state folder.</summary>
    protected virtual Task<string?> NewStore() => Task.FromResult<string?>(null);

    private async Task<Platform> StartOne(string[] arguments) =>
        await Platform.Start(new PlatformOptions { Engine = _engine.Address, Store = await NewStore(), Arguments = arguments });
}
