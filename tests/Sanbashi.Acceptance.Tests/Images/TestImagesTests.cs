using Sanbashi.Acceptance.Tests.Engine;

namespace Sanbashi.Acceptance.Tests.Images;

public sealed class TestImagesTests
{
    [Fact]
    public async Task TestImages_BuiltTwice_AreTheSame()
    {
        using var engine = new EngineApi(EngineApi.DefaultAddress);
        Assert.SkipUnless(await engine.Answers(), $"No engine answers at {engine.Address}.");

        var first = await new TestImages(engine).TestApp();
        var second = await new TestImages(engine).TestApp();
        second.ShouldBe(first);
        (await engine.HasImage(first)).ShouldBeTrue();
    }
}
