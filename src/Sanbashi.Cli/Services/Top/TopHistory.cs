namespace Sanbashi.Cli.Services.Top;

/// <summary>What was shown before, for the rows of bars that the platform does not send. One value per look.</summary>
internal sealed class TopHistory
{
    /// <summary>As wide as terminals get.</summary>
    private const int Looks = 240;

    private readonly Dictionary<string, List<TopService>> _services = new(StringComparer.Ordinal);

    public void Add(IReadOnlyList<TopService> services)
    {
        foreach (var gone in _services.Keys.Except(services.Select(service => service.Name)).ToList())
        {
            _services.Remove(gone);
        }

        foreach (var service in services)
        {
            if (!_services.TryGetValue(service.Name, out var looks))
            {
                _services[service.Name] = looks = [];
            }

            looks.Add(service);
            looks.RemoveRange(0, Math.Max(0, looks.Count - Looks));
        }
    }

    public IReadOnlyList<double> Of(string service, Func<TopService, double?> value) =>
        _services.TryGetValue(service, out var looks) ? [.. looks.Select(look => value(look) ?? 0)] : [];
}
