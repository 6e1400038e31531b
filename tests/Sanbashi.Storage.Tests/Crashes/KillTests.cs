using Sanbashi.Storage.Tests.Contract;

namespace Sanbashi.Storage.Tests.Crashes;

/// <summary>SIGKILL at any moment: what was acknowledged is there, a commit is there whole or not at all, and the next writer goes on at once.</summary>
public sealed class KillTests(PostgresServer server)
{
    [Fact]
    public async Task Kill_OfASqliteWriter_LosesNoAcknowledgedCommit()
    {
        await using var lab = new SqliteLab();
        await KillAndCheck(lab, $"sqlite://{lab.Path}");
    }

    [Fact]
    public async Task Kill_OfAPostgresWriter_LosesNoAcknowledgedCommit()
    {
        await using var lab = await PostgresLab.Create(server);
        await KillAndCheck(lab, lab.Url);
    }

    private static async Task KillAndCheck(StoreLab lab, string address)
    {
        var acknowledged = new List<string>();
        using (var first = WriterProcess.Start(address))
        {
            acknowledged.AddRange(await first.WaitForCommits(300));
            var store = await lab.Open();
            var holder = new TaskCompletionSource<string>();
            var waiting = store.AcquireLease("the survivor", holder.SetResult, Deadline.Token());
            (await holder.Task.WithDeadline()).ShouldBe("the writer process");

            acknowledged.AddRange(await first.Kill());
            await using var lease = await waiting.WithDeadline();
            (await store.Commit([Documents.Write("after", 0)], default)).ShouldBe(CommitResult.Committed);
        }

        var reopened = await lab.Open();
        var written = (await reopened.Query(new DocumentQuery("service"), default)).Select(d => d.Key.Id).ToHashSet();
        var twins = (await reopened.Query(new DocumentQuery("revision"), default)).Select(d => d.Key.Id).ToHashSet();
        acknowledged.Where(id => !written.Contains(id)).ShouldBeEmpty();
        written.Remove("after").ShouldBeTrue();
        twins.SetEquals(written.Select(id => $"{id}-twin")).ShouldBeTrue();
    }
}
