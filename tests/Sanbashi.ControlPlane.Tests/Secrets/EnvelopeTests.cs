using System.Text;
using Sanbashi.ControlPlane.Secrets.Encryption;
using Sanbashi.Domain.Secrets;

namespace Sanbashi.ControlPlane.Tests.Secrets;

public sealed class EnvelopeTests
{
    private static readonly EncryptionKey Key = EncryptionKey.Make();
    private static readonly byte[] Value = Encoding.UTF8.GetBytes("correct horse");

    [Fact]
    public void Open_WhatWasSealed_GivesTheValue()
    {
        var sealedValue = Envelope.Seal(Key, Value, "a");

        Envelope.Open(Key, sealedValue, "a").ShouldBe(Value);
        sealedValue.KeyId.ShouldBe(Key.Id);
        Envelope.Seal(Key, Value, "a").Content.ShouldNotBe(sealedValue.Content);
        sealedValue.ToString().ShouldNotContain(sealedValue.Content);
    }

    [Fact]
    public void Open_AnyByteChanged_IsRefused()
    {
        var sealedValue = Envelope.Seal(Key, Value, "a");
        foreach (var (part, change) in new (string, Func<string, SealedValue>)[] { (sealedValue.Content, text => sealedValue with { Content = text }), (sealedValue.WrappedKey, text => sealedValue with { WrappedKey = text }) })
        {
            for (var i = 0; i < Convert.FromBase64String(part).Length; i++)
            {
                var bytes = Convert.FromBase64String(part);
                bytes[i] ^= 1;
                Should.Throw<SealBrokenException>(() => Envelope.Open(Key, change(Convert.ToBase64String(bytes)), "a")).Message.ShouldContain("was changed outside of the platform");
            }
        }

        Should.Throw<SealBrokenException>(() => Envelope.Open(Key, sealedValue with { Content = "AAAA" }, "a"));
        Should.Throw<SealBrokenException>(() => Envelope.Open(Key, sealedValue with { Content = "not base64!" }, "a"));
    }

    [Fact]
    public void Open_InAnotherPlaceOrWithAnotherKey_IsRefused()
    {
        var sealedValue = Envelope.Seal(Key, Value, "a");
        var other = Envelope.Seal(Key, Value, "b");

        Should.Throw<SealBrokenException>(() => Envelope.Open(Key, sealedValue, "b"));
        Should.Throw<SealBrokenException>(() => Envelope.Open(Key, sealedValue with { WrappedKey = other.WrappedKey }, "a"));
        Should.Throw<SealBrokenException>(() => Envelope.Open(EncryptionKey.Make(), sealedValue, "a"));
    }

    [Fact]
    public void Rewrap_ToAnotherKey_LeavesTheContent()
    {
        var next = EncryptionKey.Make();
        var sealedValue = Envelope.Seal(Key, Value, "a");

        var rewrapped = Envelope.Rewrap(Key, next, sealedValue, "a");

        (rewrapped.KeyId, rewrapped.Content).ShouldBe((next.Id, sealedValue.Content));
        Envelope.Open(next, rewrapped, "a").ShouldBe(Value);
        Should.Throw<SealBrokenException>(() => Envelope.Open(Key, rewrapped, "a"));
    }

    [Fact]
    public void KeyFile_AtTheFirstStart_IsMadeForItsOwnerOnly()
    {
        var folder = Directory.CreateTempSubdirectory("sanbashi-key-");
        try
        {
            var file = new KeyFile(Path.Combine(folder.FullName, KeyFile.FileName));

            var made = file.Load().ShouldHaveSingleItem();

            file.Load().ShouldHaveSingleItem().Id.ShouldBe(made.Id);
            File.GetUnixFileMode(file.Name).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.WriteAllText(file.Name, "hush\n");
            Should.Throw<InvalidDataException>(file.Load).Message.ShouldNotContain("hush");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Retire_WhileSomebodySeals_WaitsForThem()
    {
        var ring = new KeyRing([Key]);
        ring.TryEnter().ShouldBeTrue();

        var retired = ring.Retire();

        retired.IsCompleted.ShouldBeFalse();
        ring.Leave();
        await retired.WaitAsync(TestContext.Current.CancellationToken);
        ring.TryEnter().ShouldBeFalse();
    }
}
