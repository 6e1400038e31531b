using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Sanbashi.Engines.Docker.Holders;

/// <summary>
/// The static program that a holder runs: an ELF header, one segment, and a loop around a system call that waits for signals. 129 bytes on x86-64, 148 on
/// aarch64 (which has no pause(2); ppoll(2) without descriptors waits the same way).
/// </summary>
internal static class HolderProgram
{
    private const ulong LoadAddress = 0x400000;
    private const int FileHeaderSize = 64;
    private const int SegmentHeaderSize = 56;
    private const ushort MachineX64 = 62;
    private const ushort MachineArm64 = 183;

    /// <param name="architecture">As engines write it: <c>amd64</c> or <c>arm64</c> (also <c>x86_64</c>, <c>aarch64</c>).</param>
    public static byte[] For(string architecture) => architecture switch
    {
        "amd64" or "x86_64" => Elf(MachineX64, [
            0xb8, 0x22, 0x00, 0x00, 0x00, // mov eax, 34 (pause)
            0x0f, 0x05,                   // syscall
            0xeb, 0xf7,                   // jmp to the beginning
        ]),
        "arm64" or "aarch64" => Elf(MachineArm64, MemoryMarshal.AsBytes<uint>([
            0xd2800000, // mov x0, 0
            0xd2800001, // mov x1, 0
            0xd2800002, // mov x2, 0
            0xd2800003, // mov x3, 0
            0xd2800928, // mov x8, 73 (ppoll)
            0xd4000001, // svc 0
            0x17fffffa, // b to the beginning
        ]).ToArray()),
        _ => throw new EngineException(
            EngineFailure.WrongArchitecture, $"The engine runs on '{architecture}'; instances need a machine of amd64 (x86_64) or arm64 (aarch64)."),
    };

    private static byte[] Elf(ushort machine, ReadOnlySpan<byte> code)
    {
        var size = FileHeaderSize + SegmentHeaderSize + code.Length;
        var file = new byte[size];
        var at = file.AsSpan();

        "\u007fELF"u8.CopyTo(at);
        at[4] = 2; // 64 bits
        at[5] = 1; // little endian
        at[6] = 1; // ELF version
        BinaryPrimitives.WriteUInt16LittleEndian(at[16..], 2); // executable
        BinaryPrimitives.WriteUInt16LittleEndian(at[18..], machine);
        BinaryPrimitives.WriteUInt32LittleEndian(at[20..], 1);
        BinaryPrimitives.WriteUInt64LittleEndian(at[24..], LoadAddress + FileHeaderSize + SegmentHeaderSize); // entry point
        BinaryPrimitives.WriteUInt64LittleEndian(at[32..], FileHeaderSize); // where segment headers are
        BinaryPrimitives.WriteUInt16LittleEndian(at[52..], FileHeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(at[54..], SegmentHeaderSize);
        BinaryPrimitives.WriteUInt16LittleEndian(at[56..], 1); // one segment

        var segment = at[FileHeaderSize..];
        BinaryPrimitives.WriteUInt32LittleEndian(segment, 1); // to be loaded
        BinaryPrimitives.WriteUInt32LittleEndian(segment[4..], 5); // readable, executable
        BinaryPrimitives.WriteUInt64LittleEndian(segment[16..], LoadAddress);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[24..], LoadAddress);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[32..], (ulong)size);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[40..], (ulong)size);
        BinaryPrimitives.WriteUInt64LittleEndian(segment[48..], 0x1000);

        code.CopyTo(at[(FileHeaderSize + SegmentHeaderSize)..]);
        return file;
    }
}
