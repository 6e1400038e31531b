using System.Net;
using System.Net.Sockets;
using Sanbashi.Cli.Listening;
using Sanbashi.Cli.Native;

namespace Sanbashi.Cli.Tests.Listening;

public sealed class ListenSocketTests
{
    [Theory]
    [InlineData("127.0.0.1:0", "127.0.0.1")]
    [InlineData("[::1]:0", "::1")]
    [InlineData("*:0", "127.0.0.1")]
    public async Task Open_PortZero_ListensOnAFreePort(string address, string connectTo)
    {
        var socket = ListenSocket.Open(ListenAddress.Parse(address), "--http");
        try
        {
            socket.Bound.Port.ShouldBeGreaterThan(0);
            using var client = new TcpClient(IPAddress.Parse(connectTo).AddressFamily);
            await client.ConnectAsync(IPAddress.Parse(connectTo), socket.Bound.Port);
        }
        finally
        {
            Descriptors.Close(socket.Fd);
        }
    }

    [Fact]
    public void Open_TakenPort_SaysWhichOptionToChange()
    {
        var socket = ListenSocket.Open(ListenAddress.Parse("127.0.0.1:0"), "--http");
        try
        {
            var failure = Should.Throw<PosixException>(() => ListenSocket.Open(socket.Bound, "--http"));
            failure.Message.ShouldContain($"Listening on {socket.Bound} (--http)");
            failure.Message.ShouldContain("give --http another port");
        }
        finally
        {
            Descriptors.Close(socket.Fd);
        }
    }
}
