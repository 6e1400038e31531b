using System.Diagnostics;
using static Sanbashi.Storage.Tests.Documents;

namespace Sanbashi.Storage.Tests.Crashes;

/// <summary>A process that writes as fast as it can and says each commit that was acknowledged, until it is killed.</summary>
internal sealed class WriterProcess : IDisposable
{
    public const string Argument = "--write-until-killed";

    private const int Writers = 8;

    private readonly Process _process;

    private WriterProcess(Process process)
    {
        _process = process;
    }

    public static WriterProcess Start(string address)
    {
        var executable = Path.Combine(AppContext.BaseDirectory, "Sanbashi.Storage.Tests");
        return new WriterProcess(Process.Start(new ProcessStartInfo(executable, [Argument, address]) { RedirectStandardOutput = true })!);
    }

    public static async Task<int> Run(string address)
    {
        await using var store = await DocumentStores.Open(address, TimeProvider.System, null, default);
        await store.AcquireLease("the writer process", _ => { }, default);
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(w => Write(store, w)));
        return 0;
    }

    /// <summary>The ids of commits that were acknowledged, at least as many.</summary>
    public async Task<List<string>> WaitForCommits(int count)
    {
        var ids = new List<string>();
        while (ids.Count < count)
        {
            ids.Add(await _process.StandardOutput.ReadLineAsync(Deadline.Token()) ?? throw new InvalidOperationException("the writer ended by itself"));
        }

        return ids;
    }

    /// <summary>Sends SIGKILL and answers what it still said before.</summary>
    public async Task<List<string>> Kill()
    {
        _process.Kill();
        var rest = await _process.StandardOutput.ReadToEndAsync(Deadline.Token());
        await _process.WaitForExitAsync(Deadline.Token());

        // The last line may be cut off; what it names was acknowledged, but which one cannot be told.
        return [.. rest.Split('\n').SkipLast(1)];
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static async Task Write(IDocumentStore store, int writer)
    {
        for (var i = 0; ; i++)
        {
            var id = $"{writer}-{i}";
            await store.Commit([Documents.Write(id, 0), Documents.Write($"{id}-twin", 0, kind: "revision")], default);
            Console.WriteLine(id);
        }
    }
}
