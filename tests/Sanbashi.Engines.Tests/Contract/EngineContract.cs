using Sanbashi.Engines.Tests.Hosts;

namespace Sanbashi.Engines.Tests.Contract;

/// <summary>What every engine must do. Each part of the contract is a file; each engine runs all of them.</summary>
[Collection("engines")]
public abstract partial class EngineContract(EngineHost host)
{
    private static readonly CancellationToken None = CancellationToken.None;

    private TestInstallation Install(Func<DockerEngineOptions, DockerEngineOptions>? configure = null) => new(host, configure);
}

[CollectionDefinition("engines", DisableParallelization = true)]
public sealed class EngineCollection;

public sealed class DockerContract(DockerHost host) : EngineContract(host), IClassFixture<DockerHost>;

public sealed class PodmanContract(PodmanHost host) : EngineContract(host), IClassFixture<PodmanHost>;
