using System.Runtime.InteropServices;
using System.Text;
using Sanbashi.Cli.Native;

namespace Sanbashi.Cli.Supervision;

/// <summary>Turns what arrives on a descriptor into lines. A line longer than the bound is cut there, so that no writer can fill our memory.</summary>
internal sealed class LineReader(int fd, int longestLine = 16 * 1024)
{
    private readonly List<byte> _partial = [];

    /// <summary>Reads what is there now; false when the other end is closed.</summary>
    public bool Read(Action<string> line)
    {
        Span<byte> buffer = stackalloc byte[4096];
        while (Descriptors.Read(fd, buffer) is { } count)
        {
            if (count == 0)
            {
                Flush(line);
                return false;
            }

            foreach (var value in buffer[..count])
            {
                if (value == '\n' || _partial.Count >= longestLine)
                {
                    Flush(line);
                }

                if (value != '\n')
                {
                    _partial.Add(value);
                }
            }
        }

        return true;
    }

    private void Flush(Action<string> line)
    {
        if (_partial.Count > 0)
        {
            line(Encoding.UTF8.GetString(CollectionsMarshal.AsSpan(_partial)));
            _partial.Clear();
        }
    }
}
