using Sanbashi.Engines.Docker.Resources;

namespace Sanbashi.Engines.Tests.Docker.Resources;

public sealed class ControlGroupTests : IDisposable
{
    private const string Id = "d0c5ca4e";

    private readonly string _root = Directory.CreateTempSubdirectory("sanbashi-cgroup-").FullName;

    [Fact]
    public void Read_Version2_TellsProcessorTimeAndWorkingSet()
    {
        Write($"system.slice/docker-{Id}.scope", ("cpu.stat", "usage_usec 1500000\nuser_usec 1\n"), ("memory.current", "9000\n"), ("memory.stat", "file 5\ninactive_file 2000\n"));

        var use = ControlGroup.Parse(_root, [$"0::/system.slice/docker-{Id}.scope"], Id).ShouldNotBeNull().Read().ShouldNotBeNull();

        use.CpuTime.ShouldBe(TimeSpan.FromSeconds(1.5));
        use.MemoryBytes.ShouldBe(7000);
    }

    [Fact]
    public void Read_Version2OfAProcessBelow_TellsTheWholeContainers()
    {
        Write($"machine.slice/libpod-{Id}.scope", ("cpu.stat", "usage_usec 7\n"), ("memory.current", "1\n"), ("memory.stat", "inactive_file 0\n"));

        var use = ControlGroup.Parse(_root, [$"0::/machine.slice/libpod-{Id}.scope/container"], Id).ShouldNotBeNull().Read().ShouldNotBeNull();

        use.CpuTime.ShouldBe(TimeSpan.FromMicroseconds(7));
    }

    [Fact]
    public void Read_Version1_TakesTheHierarchiesOfBoth()
    {
        Write($"cpu,cpuacct/docker/{Id}", ("cpuacct.usage", "2500000000\n"));
        Write($"memory/docker/{Id}", ("memory.usage_in_bytes", "9000\n"), ("memory.stat", "inactive_file 1\ntotal_inactive_file 3000\n"));

        var use = ControlGroup.Parse(_root, [$"4:memory:/docker/{Id}", $"2:cpu,cpuacct:/docker/{Id}", $"0::/docker/{Id}"], Id).ShouldNotBeNull().Read().ShouldNotBeNull();

        use.CpuTime.ShouldBe(TimeSpan.FromSeconds(2.5));
        use.MemoryBytes.ShouldBe(6000);
    }

    [Fact]
    public void Parse_AnotherProcess_IsNotTakenForTheContainer()
    {
        ControlGroup.Parse(_root, ["0::/user.slice/session-1.scope"], Id).ShouldBeNull();
    }

    [Fact]
    public void Read_GroupThatIsGone_IsNull()
    {
        ControlGroup.Parse(_root, [$"0::/docker/{Id}"], Id).ShouldNotBeNull().Read().ShouldBeNull();
    }

    [Fact]
    public void Reclaim_Version2_AsksForEverythingThatIsCharged()
    {
        Write($"docker/{Id}", ("cpu.stat", "usage_usec 1\n"), ("memory.current", "9000\n"), ("memory.stat", "inactive_file 0\n"), ("memory.reclaim", ""));

        // Nothing comes back, since nobody is behind the files.
        ControlGroup.Parse(_root, [$"0::/docker/{Id}"], Id).ShouldNotBeNull().Reclaim().ShouldBe(0);

        File.ReadAllText(Path.Combine(_root, $"docker/{Id}/memory.reclaim")).ShouldBe("9000");
    }

    [Fact]
    public void Reclaim_KernelWithoutTheFile_MakesNone()
    {
        Write($"docker/{Id}", ("memory.current", "9000\n"));

        ControlGroup.Parse(_root, [$"0::/docker/{Id}"], Id).ShouldNotBeNull().Reclaim().ShouldBe(0);

        File.Exists(Path.Combine(_root, $"docker/{Id}/memory.reclaim")).ShouldBeFalse();
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private void Write(string folder, params (string Name, string Text)[] files)
    {
        Directory.CreateDirectory(Path.Combine(_root, folder));
        foreach (var (name, text) in files)
        {
            File.WriteAllText(Path.Combine(_root, folder, name), text);
        }
    }
}
