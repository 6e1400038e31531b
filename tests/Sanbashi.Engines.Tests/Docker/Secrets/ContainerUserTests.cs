using Sanbashi.Engines.Docker.Secrets;

namespace Sanbashi.Engines.Tests.Docker.Secrets;

public sealed class ContainerUserTests
{
    private const string Users = "root:x:0:0:root:/root:/bin/sh\nshort\nwww-data:x:33:33::/var/www:/usr/sbin/nologin\napp:x:no:1::/:/bin/sh\napp:x:1001:1001::/:/bin/sh\n";

    [Theory]
    [InlineData(null, 0)]
    [InlineData("", 0)]
    [InlineData("1000", 1000)]
    [InlineData("1000:50", 1000)]
    [InlineData("www-data", 33)]
    [InlineData("www-data:staff", 33)]
    [InlineData("app", 1001)]
    [InlineData("nobody-here", 0)]
    public void Id_OfAnImagesUser_IsFound(string? user, int expected) => ContainerUser.Id(user, Users).ShouldBe(expected);

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("1000:1000", false)]
    [InlineData("www-data", true)]
    public void NeedsUsers_NamesOnly(string? user, bool expected) => ContainerUser.NeedsUsers(user).ShouldBe(expected);

    [Fact]
    public void Id_WithoutAList_IsRoots() => ContainerUser.Id("app", null).ShouldBe(0);
}
