using Sanbashi.Storage.Tests;

[assembly: AssemblyFixture(typeof(Sanbashi.Acceptance.Tests.Platforms.PostgresPlatform))]

namespace Sanbashi.Acceptance.Tests.Platforms;

/// <summary>Platforms on the engine of the run that keep their documents in PostgreSQL, each in a database of its own.</summary>
public sealed class PostgresPlatform : SharedPlatform
{
    internal PostgresServer Server { get; } = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Server.DisposeAsync();
    }

    protected override async Task<string?> NewStore() => await Server.CreateDatabase();
}
