using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sanbashi.Engines;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Tests.Api;

public sealed class BuildTests : IAsyncLifetime
{
    private readonly ApiHost _host = new();
    private readonly CancellationToken _cancelled = TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _host.InitializeAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Build_Context_GoesToTheEngineAndItsLinesComeBack()
    {
        ImageBuildOptions? asked = null;
        _host.Engine.OnBuild = async (context, options, progress, cancellationToken) =>
        {
            asked = options;
            progress!.Report("Step 1/1 : FROM scratch\n");
            var body = await new StreamReader(context).ReadToEndAsync(cancellationToken);
            progress.Report($"got {body.Length}\n");
            return "sha256:abc";
        };

        using var response = await Post("?tag=team/app:1&dockerfile=deploy/Dockerfile&target=final&arg=A=1&arg=B=x%3Dy", new string('x', 3_000_000));

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-ndjson");
        (await Lines(response)).ShouldBe(
            ["""{"stream":"Step 1/1 : FROM scratch\n"}""", """{"stream":"got 3000000\n"}""", """{"imageId":"sha256:abc","tag":"team/app:1"}"""]);
        asked!.Tag.ShouldBe("team/app:1");
        asked.Dockerfile.ShouldBe("deploy/Dockerfile");
        asked.Target.ShouldBe("final");
        asked.Arguments!.ShouldBe(new Dictionary<string, string> { ["A"] = "1", ["B"] = "x=y" });
    }

    [Fact]
    public async Task Build_ThatFails_EndsWithTheReason()
    {
        _host.Engine.OnBuild = (_, _, progress, _) =>
        {
            progress!.Report("Step 1\n");
            throw new EngineException(EngineFailure.BuildFailed, "The command returned a non-zero code: 1");
        };

        using var response = await Post("?tag=app:1", "tar");

        (await Lines(response)).ShouldBe(["""{"stream":"Step 1\n"}""", """{"error":"The command returned a non-zero code: 1"}"""]);
    }

    [Theory]
    [InlineData("", "tag")]
    [InlineData("?tag=Upper:1", "'Upper:1'")]
    [InlineData("?tag=app@sha256:00000000000000000000000000000000", "is not a name such as")]
    [InlineData("?tag=app:1&dockerfile=/etc/passwd", "inside the context")]
    [InlineData("?tag=app:1&dockerfile=../Dockerfile", "inside the context")]
    [InlineData("?tag=app:1&arg=A", "NAME=VALUE")]
    public async Task Build_RequestThatCannotBe_IsRefused(string query, string reason)
    {
        using var response = await Post(query, "tar");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync(_cancelled));
        error.Text("__type").ShouldBe("InvalidRequestException");
        error.Text("Message").ShouldContain(reason);
    }

    [Fact]
    public async Task Build_WithoutASignatureOrWithAWrongOne_IsRefused()
    {
        using var unsigned = await _host.Http.PostAsync(new Uri(_host.Endpoint, "/sanbashi/builds?tag=app:1"), new StringContent("tar"), _cancelled);
        unsigned.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var wrong = await Post("?tag=app:1", "tar", ApiHost.Root with { SecretAccessKey = "wrong" });
        wrong.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await wrong.Content.ReadAsStringAsync(_cancelled)).ShouldContain("InvalidSignatureException");
    }

    [Fact]
    public async Task Builds_AtTheSameTime_TakeTurnsUpToABound()
    {
        var running = 0;
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _host.Engine.OnBuild = async (_, options, _, cancellationToken) =>
        {
            Interlocked.Increment(ref running).ShouldBe(1);
            await release.Task.WaitAsync(cancellationToken);
            Interlocked.Decrement(ref running);
            return $"id of {options.Tag}";
        };
        var admitted = new List<HttpResponseMessage>();
        for (var i = 0; i < 9; i++)
        {
            admitted.Add(await Post($"?tag=app:{i}", "tar"));
        }

        using (var refused = await Post("?tag=app:9", "tar"))
        {
            refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            (await refused.Content.ReadAsStringAsync(_cancelled)).ShouldContain("ThrottlingException");
        }

        release.SetResult();
        for (var i = 0; i < 9; i++)
        {
            var lines = await Lines(admitted[i]);
            lines[^1].ShouldBe($$"""{"imageId":"id of app:{{i}}","tag":"app:{{i}}"}""");
            lines.Count.ShouldBe(i == 0 ? 1 : 2);
            admitted[i].Dispose();
        }

        using var again = await Post("?tag=app:10", "tar");
        (await Lines(again)).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Build_CallerGoes_EndsIt()
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _host.Engine.OnBuild = async (_, _, progress, cancellationToken) =>
        {
            progress!.Report("begun\n");
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                cancelled.SetResult();
                throw;
            }

            return "";
        };
        using (var response = await Post("?tag=app:1", "tar"))
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(_cancelled));
            (await reader.ReadLineAsync(_cancelled))!.ShouldContain("begun");
        }

        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(20), _cancelled);
        _host.Engine.OnBuild = (_, _, _, _) => Task.FromResult("next");
        using var next = await Post("?tag=app:2", "tar");
        (await Lines(next))[^1].ShouldContain("next");
    }

    private async Task<HttpResponseMessage> Post(string query, string body, ApiCredential? credential = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_host.Endpoint, "/sanbashi/builds" + query)) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        SigV4Signer.Sign(request, [], credential ?? ApiHost.Root, "sanbashi", "local-1", TimeProvider.System.GetUtcNow(), unsignedPayload: true);
        return await _host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, _cancelled);
    }

    private async Task<IReadOnlyList<string>> Lines(HttpResponseMessage response) =>
        (await response.Content.ReadAsStringAsync(_cancelled)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
