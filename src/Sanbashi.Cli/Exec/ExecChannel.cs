namespace Sanbashi.Cli.Exec;

/// <summary>The first byte of each binary WebSocket message of an exec session.</summary>
internal enum ExecChannel : byte
{
    Input = 0,
    Output = 1,
    Error = 2,

    /// <summary><c>{"rows":24,"columns":80}</c></summary>
    Resize = 3,

    /// <summary><c>{"exitCode":0}</c>, or <c>{"error":"..."}</c></summary>
    Exit = 4,

    /// <summary>No more input comes.</summary>
    CloseInput = 5,
}
