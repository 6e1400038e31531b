using Sanbashi.Acceptance.Tests.Platforms;

namespace Sanbashi.Acceptance.Tests.Images;

/// <summary>What an application with boto3 needs in an image without a distribution: the files that this machine's Python loads for one.</summary>
internal static class PythonFiles
{
    public const string Program = "/usr/bin/python3";

    /// <summary>
    /// An application as people write them: the SDK finds credentials and region by itself. <c>/secret?id=</c> reads a secret, <c>/who</c> says as whom,
    /// <c>/get?url=</c> fetches something else, <c>/env</c> lists the variables, <c>/file?path=</c> reads a file.
    /// </summary>
    public const string Application =
        """
        import http.server, json, os, stat, urllib.error, urllib.parse, urllib.request
        import boto3, botocore.exceptions

        def client(name):
            # This version of the SDK does not read these variables by itself; later ones do.
            endpoints = {"secretsmanager": "AWS_ENDPOINT_URL_SECRETS_MANAGER", "sts": "AWS_ENDPOINT_URL_STS"}
            return boto3.client(name, endpoint_url=os.environ[endpoints[name]])

        def get(url):
            try:
                with urllib.request.urlopen(url, timeout=5) as answer:
                    return f"{answer.status} {answer.read().decode()}"
            except urllib.error.HTTPError as error:
                return f"{error.code} {error.read().decode()}"

        def read(path):
            with open(path) as file:
                return f"{stat.S_IMODE(os.fstat(file.fileno()).st_mode):o} {os.getuid()} {file.read()}"

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                url = urllib.parse.urlsplit(self.path)
                query = dict(urllib.parse.parse_qsl(url.query))
                try:
                    body = {
                        "/": lambda: "here",
                        "/secret": lambda: client("secretsmanager").get_secret_value(SecretId=query["id"])["SecretString"],
                        "/who": lambda: client("sts").get_caller_identity()["Arn"],
                        "/get": lambda: get(query["url"]),
                        "/env": lambda: json.dumps(dict(os.environ)),
                        "/file": lambda: read(query["path"]),
                    }[url.path]()
                except botocore.exceptions.ClientError as error:
                    body = error.response["Error"]["Code"] + " " + error.response["Error"]["Message"]
                except Exception as error:
                    body = repr(error)
                body = body.encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments):
                pass

        if __name__ == "__main__":
            http.server.ThreadingHTTPServer(("", int(os.environ.get("PORT", "8080"))), Handler).serve_forever()
        """;

    /// <summary>Runs what the application runs, and tells what was loaded for it.</summary>
    private const string Tracer =
        """
        import sys
        # Used where they are there, and of no use here: they bring a TLS of their own.
        for name in ("awscrt", "OpenSSL", "cryptography"):
            sys.modules[name] = None
        import glob, os, boto3, botocore, botocore.config, http.server, json, stat, urllib.request, urllib.error
        for name in ("secretsmanager", "sts"):
            client = boto3.client(name, region_name="local-1", aws_access_key_id="a", aws_secret_access_key="b", endpoint_url="http://127.0.0.1:1",
                                  config=botocore.config.Config(retries={"max_attempts": 0}, connect_timeout=1))
            try:
                client.get_caller_identity() if name == "sts" else client.get_secret_value(SecretId="x")
            except botocore.exceptions.EndpointConnectionError:
                pass
        data = os.path.join(os.path.dirname(botocore.__file__), "data")
        found = {module.__file__ for module in list(sys.modules.values()) if getattr(module, "__file__", None)}
        found |= {path for name in ("secretsmanager", "sts") for path in glob.glob(f"{data}/{name}/**", recursive=True) if os.path.isfile(path)}
        found |= set(glob.glob(f"{data}/*.json"))
        print("\n".join(sorted(path for path in found if os.path.isfile(path))))
        """;

    /// <summary>Path in the image, path on the machine; ordered.</summary>
    public static async Task<IReadOnlyList<(string Target, string Source)>> Gather()
    {
        var loaded = (await Command.Run(Program, ["-B", "-c", Tracer])).ShouldSucceed().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] programs = [Program, .. loaded.Where(path => path.Contains(".so", StringComparison.Ordinal))];
        return [.. loaded.Append(Program).Concat(programs.SelectMany(RuntimeFiles.Libraries)).Distinct().Order(StringComparer.Ordinal).Select(path => (path, path))];
    }
}
