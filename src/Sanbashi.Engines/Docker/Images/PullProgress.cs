using Sanbashi.Engines.Docker.Api;

namespace Sanbashi.Engines.Docker.Images;

/// <summary>Sums up what the engine says about single layers.</summary>
internal sealed class PullProgress
{
    private readonly Dictionary<string, Layer> _layers = new(StringComparer.Ordinal);

    /// <summary>Null when the message is about nothing countable.</summary>
    public ImageProgress? Accept(ProgressMessage message)
    {
        if (message.Id is not { Length: > 0 } id || message.Status is not { } status)
        {
            return null;
        }

        var known = _layers.GetValueOrDefault(id);
        Layer? layer = status switch
        {
            "Pulling fs layer" or "Waiting" => known ?? new Layer(0, 0, false),
            "Downloading" => new Layer(message.Detail?.Current ?? 0, Math.Max(message.Detail?.Total ?? 0, known?.Total ?? 0), false),
            "Verifying Checksum" or "Download complete" or "Extracting" => new Layer(known?.Total ?? 0, known?.Total ?? 0, false),
            "Pull complete" or "Already exists" => new Layer(known?.Total ?? 0, known?.Total ?? 0, true),
            _ => null,
        };
        if (layer is null)
        {
            return null;
        }

        _layers[id] = layer;
        return new ImageProgress(
            $"{_layers.Values.Count(each => each.IsDone)} of {_layers.Count} layers", _layers.Values.Sum(each => each.Current), _layers.Values.Sum(each => each.Total));
    }

    private sealed record Layer(long Current, long Total, bool IsDone);
}
