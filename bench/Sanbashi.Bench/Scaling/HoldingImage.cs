using Sanbashi.Acceptance.Tests.Engine;
using Sanbashi.Acceptance.Tests.Images;

namespace Sanbashi.Bench.Scaling;

/// <summary>
/// An application that listens 50 ms after its start and holds each request for as many seconds as its query says. It answers which instance it was and the
/// machine's uptime at which it began, so that one clock tells when every instance served first.
/// </summary>
internal static class HoldingImage
{
    public static async Task<string> Build(EngineApi engine)
    {
        var context = new BuildContext()
            .AddText("Dockerfile",
                """
                FROM scratch
                COPY bin /bin
                COPY www /www
                EXPOSE 8080
                CMD ["/bin/sh", "-c", "/bin/busybox usleep 50000; exec /bin/busybox httpd -f -p ${PORT:-8080} -h /www"]
                """)
            .AddFile("bin/busybox", "/bin/busybox")
            .AddFile("bin/sh", "/bin/busybox")
            .AddText("www/index.html", "ok\n")
            .AddText("www/cgi-bin/hold",
                """
                #!/bin/sh
                read now rest </proc/uptime
                /bin/busybox sleep ${QUERY_STRING:-0}
                echo Content-Type: text/plain
                echo
                echo $(/bin/busybox hostname) $now

                """);
        var tag = $"sanbashi-bench-holding:{context.Hash()}";
        if (!await engine.HasImage(tag))
        {
            await using var archive = context.Archive();
            await engine.Build(tag, archive);
        }

        return tag;
    }
}
