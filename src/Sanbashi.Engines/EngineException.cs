namespace Sanbashi.Engines;

/// <summary>The engine refused or could not be asked.</summary>
/// <param name="message">What was attempted, on what, what was found, what to do next.</param>
public sealed class EngineException(EngineFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    public EngineFailure Failure { get; } = failure;
}

public enum EngineFailure
{
    /// <summary>No answer from the engine; worth trying again when it is back.</summary>
    Unreachable,
    ImageNotFound,
    ImageDenied,
    RegistryUnreachable,
    WrongArchitecture,

    /// <summary>The command or entrypoint cannot be started (exit codes 126 and 127 of the runtime).</summary>
    CannotStart,
    DiskFull,
    NotFound,
    BuildFailed,

    /// <summary>Anything else the engine said no to.</summary>
    Refused,
}
