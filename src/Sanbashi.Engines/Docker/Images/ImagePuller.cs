using Sanbashi.Engines.Docker.Api;
using Sanbashi.Engines.Registries;

namespace Sanbashi.Engines.Docker.Images;

/// <summary>Has the engine fetch an image.</summary>
internal sealed class ImagePuller(EngineClient client, TimeProvider time)
{
    public async Task Pull(
        ImageReference reference,
        string digest,
        RegistryCredential? credential,
        EngineProfile profile,
        IProgress<ImageProgress>? progress,
        CancellationToken cancellationToken)
    {
        // Docker takes registries on the loopback for insecure by itself. Podman has to be told, which only its own call allows.
        var path = profile.IsPodman && RegistryClient.IsLoopback(reference.Registry)
            ? EngineQuery.Of("/libpod/images/pull", ("reference", reference.WithDigest(digest)), ("tlsVerify", "false"))
            : EngineQuery.Of("/images/create", ("fromImage", reference.EngineName), ("tag", digest));
        var call = EngineCall.Post("image.pull", path) with { Timeout = ProgressReader.Silence, RegistryAuth = RegistryCredentials.Encode(credential, reference.Registry) };
        var layers = new PullProgress();
        try
        {
            await using var stream = await client.Open(call, cancellationToken).ConfigureAwait(false);
            await foreach (var message in ProgressReader.Read(stream, client.Address, time, cancellationToken).ConfigureAwait(false))
            {
                if (message.Error is { } error)
                {
                    throw PullFailures.Translate(reference, error);
                }

                if (layers.Accept(message) is { } state)
                {
                    progress?.Report(state);
                }
            }
        }
        catch (EngineApiException failure)
        {
            throw PullFailures.Translate(reference, failure.EngineMessage);
        }
    }
}
