using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Sanbashi.TestApp;

/// <summary>Says that SIGTERM came, then lets the application finish what it has.</summary>
internal sealed class TerminationLifetime(IHostApplicationLifetime application) : IHostLifetime, IDisposable
{
    private PosixSignalRegistration? _registration;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        _registration = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal =>
        {
            signal.Cancel = true;
            Console.WriteLine("SIGTERM received, finishing");
            application.StopApplication();
        });
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _registration?.Dispose();
}

internal static class TerminationHost
{
    public static IHost WithTermination(this HostApplicationBuilder builder)
    {
        builder.Services.AddSingleton<IHostLifetime, TerminationLifetime>();
        return builder.Build();
    }
}
