namespace Sanbashi.ControlPlane.Services;

/// <summary>Reports on the caller's thread, in order; the framework's own posts to a pool.</summary>
internal sealed class InlineProgress<T>(Action<T> report) : IProgress<T>
{
    public void Report(T value) => report(value);
}
