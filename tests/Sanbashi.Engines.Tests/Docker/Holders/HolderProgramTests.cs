using System.Diagnostics;
using Sanbashi.Engines.Docker.Holders;

namespace Sanbashi.Engines.Tests.Docker.Holders;

public sealed class HolderProgramTests
{
    [Theory]
    [InlineData("amd64", 129, 62)]
    [InlineData("x86_64", 129, 62)]
    [InlineData("arm64", 148, 183)]
    [InlineData("aarch64", 148, 183)]
    public void For_Architecture_IsASmallStaticElf(string architecture, int size, int machine)
    {
        var program = HolderProgram.For(architecture);

        program.Length.ShouldBe(size);
        program[..7].ShouldBe([0x7f, (byte)'E', (byte)'L', (byte)'F', 2, 1, 1]);
        BitConverter.ToUInt16(program, 16).ShouldBe((ushort)2);
        BitConverter.ToUInt16(program, 18).ShouldBe((ushort)machine);

        // Entry point: right after both headers. One segment, as long as the file.
        BitConverter.ToUInt64(program, 24).ShouldBe(0x400078ul);
        BitConverter.ToUInt16(program, 56).ShouldBe((ushort)1);
        BitConverter.ToUInt64(program, 64 + 32).ShouldBe((ulong)size);
    }

    [Fact]
    public void For_UnknownArchitecture_IsRefused()
    {
        Should.Throw<EngineException>(() => HolderProgram.For("s390x")).Failure.ShouldBe(EngineFailure.WrongArchitecture);
    }

    [Fact]
    public async Task For_ThisMachine_RunsUntilKilled()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the program is for Linux");
        var file = Path.GetTempFileName();
        try
        {
            var architecture = System.Runtime.InteropServices.RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";
            await File.WriteAllBytesAsync(file, HolderProgram.For(architecture));
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            using var process = Process.Start(file);

            // Asleep in pause(2) or ppoll(2), after the exec.
            await Hosts.Eventually.Is(
                async () => process.HasExited || (await File.ReadAllTextAsync($"/proc/{process.Id}/stat")).Contains(") S", StringComparison.Ordinal), "it sleeps");
            process.HasExited.ShouldBeFalse();

            process.Kill();
            await process.WaitForExitAsync();
            process.ExitCode.ShouldBe(128 + 9);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Archive_SameArchitecture_IsTheSameBytes()
    {
        HolderArchive.Create("amd64", "sanbashi-holder/a:1").ShouldBe(HolderArchive.Create("amd64", "sanbashi-holder/a:1"));
    }
}
