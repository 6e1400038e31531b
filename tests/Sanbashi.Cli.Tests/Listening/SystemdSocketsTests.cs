using Sanbashi.Cli.Listening;

namespace Sanbashi.Cli.Tests.Listening;

public sealed class SystemdSocketsTests
{
    [Fact]
    public void Read_SocketsForThisProcess_AreNamed() =>
        Read("42", "2", "api:http").ShouldBe([("api", 3), ("http", 4)]);

    [Fact]
    public void Read_SocketsForAnotherProcess_AreIgnored() => Read("41", "2", "api:http").ShouldBeEmpty();

    [Fact]
    public void Read_None_IsEmpty() => Read(null, null, null).ShouldBeEmpty();

    [Fact]
    public void Read_NamesMissing_SaysWhatTheUnitsNeed() =>
        Should.Throw<FormatException>(() => Read("42", "2", "api")).Message.ShouldContain("FileDescriptorName=");

    private static IReadOnlyList<(string, int)> Read(string? pid, string? count, string? names) => SystemdSockets.Read(
        name => name switch { "LISTEN_PID" => pid, "LISTEN_FDS" => count, _ => names }, processId: 42);
}
