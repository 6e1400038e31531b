using System.Net.Sockets;

namespace Sanbashi.Engines.Tests.Hosts;

/// <summary>An engine that tests run against, made once per test class, with an image to start.</summary>
public abstract class EngineHost : IAsyncLifetime
{
    private string? _image;

    /// <summary>Null if no engine can be had; <see cref="Absence"/> says why.</summary>
    protected string? Socket { get; set; }

    public string Absence { get; protected set; } = "";

    public abstract bool IsPodman { get; }

    public string RequireSocket()
    {
        Assert.SkipWhen(Socket is null, Absence);
        return Socket!;
    }

    /// <summary>An image with busybox and the usual commands, EXPOSE 8080, a failing HEALTHCHECK and no CMD.</summary>
    public string Image => _image ?? throw new InvalidOperationException("The image is built when the first engine is made.");

    public async ValueTask InitializeAsync()
    {
        await Find();
        if (Socket is null)
        {
            return;
        }

        await using var engine = Engines.Connect(Socket, "test-image-" + (IsPodman ? "podman" : "docker"));
        _image = await TestImage.Build(engine, TestImage.Tag);
    }

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;

    protected abstract ValueTask Find();

    protected static async Task<bool> Answers(string socketPath)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
