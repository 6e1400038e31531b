namespace Sanbashi.Engines.Tests.Hosts;

/// <summary>A folder with a Docker client's configuration.</summary>
internal sealed class DockerConfigFolder : TestFolder
{
    public void Write(string json) => File.WriteAllText(System.IO.Path.Combine(Path, "config.json"), json);

    /// <summary>As <c>docker login</c> does without a credential store.</summary>
    public void SignIn(string registry, string user, string password)
    {
        var auth = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{user}:{password}"));
        Write($$"""{"auths":{"{{registry}}":{"auth":"{{auth}}"} } }""");
    }
}
