using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Sanbashi.Gateway.Hosting;
using Sanbashi.Gateway.Tests.Support;

namespace Sanbashi.Gateway.Tests.Hosting;

public sealed class HandOverTests
{
    [Fact]
    public async Task SocketHandedOver_UnderLoad_RefusesAndLosesNothing()
    {
        await using var backend = await Backend.Start("ok");
        var (platform, _) = await Platform.Serving(Routes.To(backend));
        await using var owned = platform;
        using var listening = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listening.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listening.Listen(512);
        var address = new Uri($"http://{listening.LocalEndPoint}");
        var current = await platform.AddGateway(change: Inherit(listening));
        using var stop = new CancellationTokenSource();
        var done = 0;

        // Half of the clients keep their connections, half open a new one each time.
        var clients = Enumerable.Range(0, 4).Select(async number =>
        {
            using var kept = MakeClient(address);
            while (!stop.IsCancellationRequested)
            {
                using var fresh = MakeClient(address);
                (await (number % 2 == 0 ? kept : fresh).GetStringAsync("/")).ShouldBe("ok");
                Interlocked.Increment(ref done);
            }
        }).ToList();

        for (var i = 0; i < 3; i++)
        {
            var before = Volatile.Read(ref done);
            await Eventually.Holds(() => Volatile.Read(ref done) > before + 20 || clients.Exists(client => client.IsFaulted), "requests go on");
            var successor = await platform.AddGateway(change: Inherit(listening));
            await current.Host.Stop().InTime();
            current = successor;
        }

        await stop.CancelAsync();
        await Task.WhenAll(clients).InTime();
    }

    private static Func<GatewayOptions, GatewayOptions> Inherit(Socket listening)
    {
        // A descriptor of its own for each gateway, as a child process gets it.
        var descriptor = Duplicate((int)listening.Handle);
        return options => options with { Listeners = [GatewayListener.Inherited(ListenerKind.Http, (ulong)descriptor)] };
    }

    private static HttpClient MakeClient(Uri address) => new(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, DefaultRequestHeaders = { Host = Routes.Host } };

    [DllImport("libc", EntryPoint = "dup")]
    private static extern int Duplicate(int descriptor);
}
