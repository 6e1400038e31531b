using Sanbashi.ControlPlane.Identity;

namespace Sanbashi.ControlPlane.Tests.Identity;

public sealed class RootCredentialsTests : IDisposable
{
    private readonly string _state = Directory.CreateTempSubdirectory("sb-").FullName;

    public void Dispose() => Directory.Delete(_state, recursive: true);

    [Fact]
    public void LoadOrCreate_FirstTime_MakesAKeyThatOnlyTheOwnerReads()
    {
        var made = RootCredentials.LoadOrCreate(_state, "000000000000");

        made.AccessKeyId.ShouldMatch("^AKSB[A-Z2-7]{16}$");
        made.SecretAccessKey.Length.ShouldBe(40);
        File.GetUnixFileMode(RootCredentials.FilePath(_state)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Directory.GetFiles(_state).Length.ShouldBe(1);
    }

    [Fact]
    public void LoadOrCreate_SecondTime_IsTheSameKey() =>
        RootCredentials.LoadOrCreate(_state, "000000000000").ShouldBe(RootCredentials.LoadOrCreate(_state, "000000000000"));

    [Fact]
    public void LoadOrCreate_FolderSharedWithAGroup_LetsTheGroupRead()
    {
        File.SetUnixFileMode(_state, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.SetGroup);

        RootCredentials.LoadOrCreate(_state, "000000000000");

        File.GetUnixFileMode(RootCredentials.FilePath(_state)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
    }

    [Fact]
    public void Load_SeveralProfiles_TakesTheDefaultOne()
    {
        var path = Path.Combine(_state, "credentials");
        File.WriteAllText(path, "[other]\naws_access_key_id=no\n[default]\naws_access_key_id = yes\naws_secret_access_key = a=b\n");

        var credential = RootCredentials.Load(path, "123456789012");

        credential.AccessKeyId.ShouldBe("yes");
        credential.SecretAccessKey.ShouldBe("a=b");
        credential.Account.ShouldBe("123456789012");
    }

    [Fact]
    public void Load_NoKey_SaysWhatToDo()
    {
        var path = Path.Combine(_state, "credentials");
        File.WriteAllText(path, "[default]\n");

        Should.Throw<InvalidDataException>(() => RootCredentials.Load(path, "123456789012")).Message.ShouldContain("Restore it from a backup");
    }
}
