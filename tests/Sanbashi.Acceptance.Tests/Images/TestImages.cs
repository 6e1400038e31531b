using System.Collections.Concurrent;
using Sanbashi.Acceptance.Tests.Engine;

namespace Sanbashi.Acceptance.Tests.Images;

/// <summary>
/// The images that tests run, built on the engine without any registry. Tags carry a hash of the content, so an engine that has them already builds nothing.
/// </summary>
internal sealed class TestImages(EngineApi engine)
{
    private const string App = "sanbashi-test-app";
    private const string Runtime = "sanbashi-test-runtime";
    private const string Busybox = "/bin/busybox";
    private readonly ConcurrentDictionary<string, Lazy<Task<string>>> _images = new(StringComparer.Ordinal);

    /// <summary>The test application.</summary>
    public Task<string> TestApp() => Once(App, async () =>
    {
        var output = Repository.BuildOutput("Sanbashi.TestApp");
        var runtime = await DotnetRuntime();
        var context = new BuildContext().AddText("Dockerfile",
            $"""
            FROM {runtime}
            COPY app /app
            ENV DOTNET_EnableDiagnostics=0 DOTNET_TieredPGO=0
            EXPOSE 8080
            ENTRYPOINT ["{RuntimeFiles.DotnetPath}", "/app/Sanbashi.TestApp.dll"]
            """);
        foreach (var file in Directory.EnumerateFiles(output, "Sanbashi.TestApp.*").Order(StringComparer.Ordinal))
        {
            context.AddFile($"app/{Path.GetFileName(file)}", file);
        }

        return await Build(App, context);
    });

    /// <summary>The test application under a tag of its own that answers with this version; calling again moves the tag of the same name.</summary>
    public async Task<string> TestApp(string version, string? tag = null)
    {
        var image = $"{App}:{tag ?? version}";
        await using var archive = new BuildContext().AddText("Dockerfile", $"FROM {await TestApp()}\nENV APP_VERSION={version}\n").Archive();
        await engine.Build(image, archive);
        return image;
    }

    /// <summary>A single static program: <c>busybox</c>, its <c>httpd</c> answering on PORT by default.</summary>
    public Task<string> BusyBox() => Once("busybox", () => Build("sanbashi-test-busybox", new BuildContext()
        .AddText("Dockerfile",
            """
            FROM scratch
            COPY bin /bin
            COPY www /www
            EXPOSE 8080
            CMD ["/bin/sh", "-c", "exec /bin/busybox httpd -f -v -p $PORT -h /www"]
            """)
        .AddFile("bin/busybox", Busybox)
        .AddFile("bin/sh", Busybox)
        .AddText("www/index.html", "busybox\n")));

    /// <summary>This machine's Python with boto3, running <see cref="PythonFiles.Application"/>.</summary>
    public Task<string> Boto3App() => Once("boto3", async () =>
    {
        var context = new BuildContext().AddText("Dockerfile",
            $"""
            FROM scratch
            COPY root /
            EXPOSE 8080
            ENTRYPOINT ["{PythonFiles.Program}", "-B", "/app.py"]
            """);
        foreach (var (target, source) in await PythonFiles.Gather())
        {
            context.AddFile($"root{target}", source);
        }

        return await Build("sanbashi-test-boto3", context.AddText("root/app.py", PythonFiles.Application).AddText("root/tmp/.keep", ""));
    });

    /// <summary>An image for a processor that no test machine has.</summary>
    public Task<string> ForeignArchitecture() => Once("foreign", async () =>
    {
        const string Tag = "sanbashi-test-foreign:1";
        await using var archive = ForeignImage.Archive(Tag);
        await engine.Load(archive);
        return Tag;
    });

    private Task<string> DotnetRuntime() => Once(Runtime, async () =>
    {
        var context = new BuildContext().AddText("Dockerfile", "FROM scratch\nCOPY root /\nENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1\n");
        foreach (var (target, source) in RuntimeFiles.Gather())
        {
            context.AddFile($"root{target}", source);
        }

        if (File.Exists(Busybox))
        {
            context.AddFile("root/bin/busybox", Busybox).AddFile("root/bin/sh", Busybox);
        }

        return await Build(Runtime, context.AddText("root/tmp/.keep", ""));
    });

    private Task<string> Once(string name, Func<Task<string>> build) => _images.GetOrAdd(name, _ => new Lazy<Task<string>>(build)).Value;

    private async Task<string> Build(string name, BuildContext context)
    {
        var tag = $"{name}:{context.Hash()}";
        if (!await engine.HasImage(tag))
        {
            await using var archive = context.Archive();
            await engine.Build(tag, archive);
        }

        return tag;
    }
}
