namespace Sanbashi.Engines.Tests.Hosts;

/// <summary>Builds images from nothing but a static busybox.</summary>
internal static class TestImage
{
    public const string Tag = "sanbashi-test/busybox:1";

    private const string Busybox = "/bin/busybox";

    private static readonly string[] Commands =
        ["sh", "cat", "echo", "sleep", "httpd", "wget", "nc", "head", "tr", "true", "false", "kill", "id", "stty", "printf", "touch", "ls", "mkdir", "yes", "env", "hostname", "seq", "dd"];

    public static async Task<string> Build(DockerEngine engine, string tag, string dockerfile = "", IProgress<string>? progress = null)
    {
        Assert.SkipUnless(File.Exists(Busybox), "there is no static /bin/busybox to build images from (Debian: busybox-static)");
        var folder = Directory.CreateTempSubdirectory("sanbashi-image-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(folder, "bin"));
            Directory.CreateDirectory(Path.Combine(folder, "www"));
            File.Copy(Busybox, Path.Combine(folder, "bin/busybox"));
            foreach (var command in Commands)
            {
                File.CreateSymbolicLink(Path.Combine(folder, "bin", command), "busybox");
            }

            await File.WriteAllTextAsync(Path.Combine(folder, "www/index.html"), "hello from an instance\n");
            await File.WriteAllTextAsync(Path.Combine(folder, "bin/not-executable"), "no program\n");
            await File.WriteAllTextAsync(
                Path.Combine(folder, "Dockerfile"),
                $"FROM scratch\nCOPY bin /bin\nCOPY www /www\nENV PATH=/bin\nEXPOSE 8080\nHEALTHCHECK CMD [\"/bin/false\"]\n{dockerfile}\n");

            // Nobody knows how long it is: written while it is being sent.
            var context = new System.IO.Pipelines.Pipe();
            var writing = Task.Run(async () =>
            {
                await using var output = context.Writer.AsStream();
                await BuildContext.WriteTar(folder, "Dockerfile", output);
            });
            await using var input = context.Reader.AsStream();
            var id = await engine.BuildImage(input, new ImageBuildOptions(tag, "Dockerfile"), progress, CancellationToken.None);
            await writing;
            return id;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
