using System.Security.Cryptography;
using System.Text;

namespace Sanbashi.Acceptance.Tests.Images;

/// <summary>An image that says it is for another processor, made as an archive because no build can make one here.</summary>
internal static class ForeignImage
{
    public const string Architecture = "s390x";

    public static Stream Archive(string tag)
    {
        using var layer = new BuildContext().AddText("bin/app", "for another processor\n").Archive();
        var content = new byte[layer.Length];
        layer.ReadExactly(content);
        var configuration =
            $$$"""
            {"architecture":"{{{Architecture}}}","os":"linux","created":"1970-01-01T00:00:00Z","config":{"Entrypoint":["/bin/app"]},"rootfs":{"type":"layers","diff_ids":["sha256:{{{Hex(content)}}}"]}}
            """;
        var name = $"{Hex(Encoding.UTF8.GetBytes(configuration))}.json";
        var layerPath = Path.GetTempFileName();
        File.WriteAllBytes(layerPath, content);
        try
        {
            return new BuildContext()
                .AddText(name, configuration)
                .AddFile("layer.tar", layerPath)
                .AddText("manifest.json", $$"""[{"Config":"{{name}}","RepoTags":["{{tag}}"],"Layers":["layer.tar"]}]""")
                .Archive();
        }
        finally
        {
            File.Delete(layerPath);
        }
    }

    private static string Hex(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
