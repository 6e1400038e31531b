namespace Sanbashi.ControlPlane.Tests.Simulation;

internal enum EngineFault
{
    None,

    /// <summary>Nothing happened, and the caller learns that nothing was answered.</summary>
    RequestLost,

    /// <summary>It happened, and the caller learns only that nothing was answered.</summary>
    AnswerLost,
    Refused,
}
