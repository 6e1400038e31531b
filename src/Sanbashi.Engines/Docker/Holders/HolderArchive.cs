using System.Formats.Tar;
using System.Security.Cryptography;
using System.Text;

namespace Sanbashi.Engines.Docker.Holders;

/// <summary>
/// The holder's image in the format of <c>docker save</c>. Loading takes name and configuration along on every engine, where importing ignores the tag on
/// some. The bytes depend on the architecture only, so the image id is the same everywhere.
/// </summary>
internal static class HolderArchive
{
    public const string ProgramPath = "/sanbashi-hold";

    public static byte[] Create(string architecture, string reference)
    {
        var layer = Tar((ProgramPath[1..], HolderProgram.For(architecture), Executable: true));
        var configuration = Encoding.UTF8.GetBytes(
            $$"""
            {"architecture":"{{architecture}}","os":"linux","created":"1970-01-01T00:00:00Z","config":{"Entrypoint":["{{ProgramPath}}"],"StopSignal":"SIGKILL"},"rootfs":{"type":"layers","diff_ids":["sha256:{{Digest(layer)}}"]},"history":[{"created":"1970-01-01T00:00:00Z","created_by":"sanbashi"}]}
            """);
        var configurationName = Digest(configuration) + ".json";
        var manifest = Encoding.UTF8.GetBytes($$"""[{"Config":"{{configurationName}}","RepoTags":["{{reference}}"],"Layers":["layer.tar"]}]""");
        return Tar((configurationName, configuration, false), ("layer.tar", layer, false), ("manifest.json", manifest, false));
    }

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static byte[] Tar(params ReadOnlySpan<(string Name, byte[] Content, bool Executable)> files)
    {
        using var stream = new MemoryStream();
        using (var writer = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var (name, content, isExecutable) in files)
            {
                writer.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
                {
                    DataStream = new MemoryStream(content),
                    ModificationTime = DateTimeOffset.UnixEpoch,
                    Mode = isExecutable ? (UnixFileMode)0b111_101_101 : (UnixFileMode)0b110_100_100,
                });
            }
        }

        return stream.ToArray();
    }
}
