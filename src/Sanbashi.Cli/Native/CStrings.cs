using System.Runtime.InteropServices;

namespace Sanbashi.Cli.Native;

/// <summary>A null-terminated array of UTF-8 strings, as <c>argv</c> and <c>envp</c> want it.</summary>
internal sealed unsafe class CStrings : IDisposable
{
    private readonly int _count;

    public CStrings(IReadOnlyCollection<string> values)
    {
        _count = values.Count;
        Pointer = (byte**)NativeMemory.AllocZeroed((nuint)(_count + 1), (nuint)sizeof(byte*));
        var index = 0;
        foreach (var value in values)
        {
            Pointer[index++] = (byte*)Marshal.StringToCoTaskMemUTF8(value);
        }
    }

    public byte** Pointer { get; private set; }

    /// <summary>The present environment with some variables set, or removed where the value is null.</summary>
    public static CStrings Environment(IReadOnlyDictionary<string, string?> changes)
    {
        var lines = new List<string>();
        foreach (System.Collections.DictionaryEntry variable in System.Environment.GetEnvironmentVariables())
        {
            if (!changes.ContainsKey((string)variable.Key))
            {
                lines.Add($"{variable.Key}={variable.Value}");
            }
        }

        foreach (var (name, value) in changes)
        {
            if (value is not null)
            {
                lines.Add($"{name}={value}");
            }
        }

        return new CStrings(lines);
    }

    public void Dispose()
    {
        for (var index = 0; index < _count; index++)
        {
            Marshal.FreeCoTaskMem((nint)Pointer[index]);
        }

        NativeMemory.Free(Pointer);
        Pointer = null;
    }
}
