using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using Sanbashi.Cli.Native;

namespace Sanbashi.Cli.Listening;

/// <summary>A listening socket that outlives the processes which accept from it.</summary>
/// <param name="Fd">The descriptor in this process.</param>
/// <param name="Bound">Where it listens, with the real port.</param>
internal sealed record ListenSocket(int Fd, ListenAddress Bound)
{
    /// <summary>Connections that may wait while a process is being replaced; the kernel caps it at net.core.somaxconn.</summary>
    private const int Backlog = 4096;

    private const int LargestAddress = 28;

    /// <exception cref="PosixException">The address is taken, forbidden or not of this machine; the message says which and what to do.</exception>
    public static unsafe ListenSocket Open(ListenAddress address, string option)
    {
        var isSix = address.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        var fd = Descriptors.Check(
            Posix.socket(isSix ? Posix.AF_INET6 : Posix.AF_INET, Posix.SOCK_STREAM | Posix.SOCK_CLOEXEC | Posix.SOCK_NONBLOCK, 0), "Making a socket");
        var one = 1;
        var zero = 0;
        Descriptors.Check(Posix.setsockopt(fd, Posix.SOL_SOCKET, Posix.SO_REUSEADDR, &one, sizeof(int)), "Setting SO_REUSEADDR");
        if (isSix && address.Address.Equals(IPAddress.IPv6Any))
        {
            Descriptors.Check(Posix.setsockopt(fd, Posix.IPPROTO_IPV6, Posix.IPV6_V6ONLY, &zero, sizeof(int)), "Letting [::] take IPv4 too");
        }

        Span<byte> bytes = stackalloc byte[LargestAddress];
        var length = Encode(address, bytes);
        int result;
        fixed (byte* start = bytes)
        {
            result = Posix.bind(fd, start, (uint)length);
        }

        if (result < 0 || Posix.listen(fd, Backlog) < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            Descriptors.Close(fd);
            throw new PosixException($"Listening on {address} ({option}){Advice(address, option, error)}", error);
        }

        return FromDescriptor(fd);
    }

    /// <summary>Takes over a socket that somebody else opened.</summary>
    public static unsafe ListenSocket FromDescriptor(int fd)
    {
        Span<byte> bytes = stackalloc byte[LargestAddress];
        uint length = LargestAddress;
        fixed (byte* start = bytes)
        {
            Descriptors.Check(Posix.getsockname(fd, start, &length), $"Asking where descriptor {fd} listens");
        }

        Descriptors.KeepFromChildren(fd);
        return new ListenSocket(fd, Decode(bytes, fd));
    }

    private static string Advice(ListenAddress address, string option, int error) => error switch
    {
        Posix.EADDRINUSE => $" — another program listens there; give {option} another port or stop that program (ss -ltnp 'sport = :{address.Port}')",
        Posix.EACCES => $" — ports below 1024 need root or systemd's sockets (sanbashi install); or give {option} a higher port",
        _ => "",
    };

    private static int Encode(ListenAddress address, Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], (ushort)address.Port);
        if (address.Address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork)
        {
            MemoryMarshal.Write(bytes, (ushort)Posix.AF_INET);
            address.Address.TryWriteBytes(bytes[4..], out _);
            return 16;
        }

        MemoryMarshal.Write(bytes, (ushort)Posix.AF_INET6);
        address.Address.TryWriteBytes(bytes[8..], out _);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[24..], (uint)address.Address.ScopeId);
        return LargestAddress;
    }

    private static ListenAddress Decode(ReadOnlySpan<byte> bytes, int fd)
    {
        var port = BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]);
        return MemoryMarshal.Read<ushort>(bytes) switch
        {
            Posix.AF_INET => new ListenAddress(new IPAddress(bytes.Slice(4, 4)), port),
            Posix.AF_INET6 => new ListenAddress(new IPAddress(bytes.Slice(8, 16)), port),
            var family => throw new FormatException($"Descriptor {fd} is a socket of family {family}; listening sockets must be IPv4 or IPv6."),
        };
    }
}
