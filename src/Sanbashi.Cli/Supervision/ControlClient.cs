using Sanbashi.Cli.Native;

namespace Sanbashi.Cli.Supervision;

/// <summary>A command that is connected with the supervisor. One that does not read its answers is dropped.</summary>
internal sealed class ControlClient(int fd, EventLoop loop, Action<ControlClient> closed)
{
    private bool _isClosed;

    public void Progress(string message) => Send(ControlProtocol.Progress, message);

    public void Succeed(string result)
    {
        Send(ControlProtocol.Result, result);
        Close();
    }

    public void Fail(string reason)
    {
        Send(ControlProtocol.Failure, reason);
        Close();
    }

    public void Close()
    {
        if (_isClosed)
        {
            return;
        }

        _isClosed = true;
        loop.Forget(fd);
        Descriptors.Close(fd);
        closed(this);
    }

    private void Send(char mark, string text)
    {
        if (!_isClosed && !Descriptors.Write(fd, $"{mark}{text.ReplaceLineEndings("\\n")}\n"))
        {
            Close();
        }
    }
}
