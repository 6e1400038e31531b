namespace Sanbashi.ControlPlane.Exec;

/// <summary>The first byte of every binary WebSocket message of an exec session.</summary>
internal enum ExecChannel : byte
{
    /// <summary>From the client: bytes for the command.</summary>
    Input = 0,

    /// <summary>To the client: what the command writes; with a terminal, everything.</summary>
    Output = 1,

    /// <summary>To the client: what the command writes to its error stream.</summary>
    Error = 2,

    /// <summary>From the client: <c>{"rows":24,"columns":80}</c>.</summary>
    Resize = 3,

    /// <summary>To the client, last: <c>{"exitCode":0}</c>, or <c>{"error":"..."}</c> when the command could not be run.</summary>
    Exit = 4,

    /// <summary>From the client: no more input comes.</summary>
    CloseInput = 5,
}
