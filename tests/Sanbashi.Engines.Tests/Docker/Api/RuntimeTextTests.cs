using System.Net;
using Sanbashi.Engines.Docker.Api;

namespace Sanbashi.Engines.Tests.Docker.Api;

public sealed class RuntimeTextTests
{
    [Theory]
    [InlineData("failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: \"/nope\": stat /nope: no such file or directory: unknown", "'/nope' does not exist")]
    [InlineData("OCI runtime create failed: container_linux.go:380: starting container process caused: exec: \"serve\": executable file not found in $PATH: unknown", "'serve' does not exist")]
    [InlineData("runc: runc create failed: unable to start container process: exec: \"/bin\": permission denied: OCI permission denied", "'/bin' is not executable")]
    [InlineData("failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init: exec: \"/app\": exec format error: unknown", "'/app' is no program for this machine")]
    [InlineData("[FATAL tini (8)] exec /nope failed: No such file or directory", "'/nope' does not exist")]
    [InlineData("[FATAL tini (7)] exec /bin/x failed: Permission denied", "'/bin/x' is not executable")]
    [InlineData("ERROR (catatonit:2): failed to exec pid1: No such file or directory", "the start command does not exist")]
    public void StartFailure_RuntimesWords_BecomeAdvice(string text, string expected)
    {
        RuntimeText.IsCannotStart(text).ShouldBeTrue();
        RuntimeText.StartFailure(text).ShouldContain(expected);
    }

    [Theory]
    [InlineData("OCI runtime create failed: runc create failed: unable to start container process: error during container init: error mounting \"/x\": no such file or directory: unknown", "error mounting \"/x\": no such file or directory")]
    [InlineData("container create: no such network.", "no such network")]
    [InlineData("runc: ", "runc:")]
    public void Clean_Wrapping_IsTakenOff(string text, string expected)
    {
        RuntimeText.IsCannotStart(text).ShouldBeFalse();
        RuntimeText.Clean(text).ShouldBe(expected);
    }

    [Theory]
    [InlineData(500, "write /var/lib/docker/x: no space left on device", EngineFailure.DiskFull)]
    [InlineData(404, "No such container: x", EngineFailure.NotFound)]
    [InlineData(404, "No such image: x", EngineFailure.ImageNotFound)]
    [InlineData(409, "conflict", EngineFailure.Refused)]
    [InlineData(400, "exec: \"/nope\": stat /nope: no such file or directory", EngineFailure.CannotStart)]
    public void Translate_Answer_HasAKindAndSaysWhatWasAttempted(int status, string text, EngineFailure expected)
    {
        var failure = EngineFailures.Translate("starting instance 12ab", new EngineApiException("container.start", (HttpStatusCode)status, text));

        failure.Failure.ShouldBe(expected);
        failure.Message.ShouldStartWith("Starting instance 12ab failed: ");
    }

    [Theory]
    [InlineData("""{"message":"said"}""", "said")]
    [InlineData("""{"cause":"c","message":"said","response":500}""", "said")]
    [InlineData("plain\n", "plain")]
    [InlineData("{broken", "{broken")]
    [InlineData("", "the engine answered 500 without a reason")]
    public void TextOf_ErrorBody_IsTheMessage(string body, string expected)
    {
        EngineFailures.TextOf(System.Text.Encoding.UTF8.GetBytes(body), HttpStatusCode.InternalServerError).ShouldBe(expected);
    }
}
