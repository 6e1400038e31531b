namespace Sanbashi.Engines.Tests.Hosts;

/// <summary>A folder that goes with the test.</summary>
internal class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("sanbashi-test-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
