using System.Runtime.InteropServices;

namespace Sanbashi.TestApp;

/// <summary>Memory outside the managed heap, written to, so that the kernel has to count it: the managed heap would stop below the container's limit.</summary>
internal static unsafe class Allocations
{
    private const int Megabyte = 1024 * 1024;

    public static void Take(int megabytes)
    {
        for (var i = 0; i < megabytes; i++)
        {
            new Span<byte>(NativeMemory.Alloc(Megabyte), Megabyte).Fill((byte)(i + 1));
        }
    }
}
