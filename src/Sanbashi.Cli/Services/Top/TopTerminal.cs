using System.Text;
using System.Threading.Channels;

namespace Sanbashi.Cli.Services.Top;

/// <summary>The terminal while the view is shown: another screen, without a cursor, with keys; what was there before comes back at the end.</summary>
internal sealed class TopTerminal : IDisposable
{
    private const int LeastWidth = 40, LeastHeight = 6;

    private readonly Channel<char> _keys = Channel.CreateBounded<char>(new BoundedChannelOptions(16) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly bool _hasColors = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    public TopTerminal()
    {
        Console.Out.Write("\e[?1049h\e[?25l");
        Console.Out.Flush();

        // Reading a key cannot be cancelled; as a background thread it ends with the process.
        new Thread(ReadKeys) { IsBackground = true, Name = "keys" }.Start();
    }

    public int Width => Math.Max(LeastWidth, Console.WindowWidth);

    public int Height => Math.Max(LeastHeight, Console.WindowHeight);

    public ChannelReader<char> Keys => _keys.Reader;

    /// <summary>In one write, so that nothing flickers.</summary>
    public void Show(IReadOnlyList<TopLine> lines)
    {
        var text = new StringBuilder("\e[H");
        for (var i = 0; i < lines.Count; i++)
        {
            text.Append(lines[i].Render(_hasColors)).Append("\e[K").Append(i < lines.Count - 1 ? "\r\n" : "");
        }

        Console.Out.Write(text.Append("\e[J"));
        Console.Out.Flush();
    }

    public void Dispose()
    {
        Console.Out.Write("\e[?25h\e[?1049l");
        Console.Out.Flush();
    }

    private void ReadKeys()
    {
        try
        {
            while (true)
            {
                var key = Console.ReadKey(intercept: true);
                _keys.Writer.TryWrite(key.Key == ConsoleKey.Escape ? 'q' : char.ToLowerInvariant(key.KeyChar));
            }
        }
        catch (Exception failure) when (failure is InvalidOperationException or IOException)
        {
            // The terminal is gone.
            _keys.Writer.TryWrite('q');
        }
    }
}
