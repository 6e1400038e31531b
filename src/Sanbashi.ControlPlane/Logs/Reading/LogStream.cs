namespace Sanbashi.ControlPlane.Logs;

/// <summary>One stream of a group that has lines.</summary>
/// <param name="FirstNanoseconds">Of its oldest line that is kept.</param>
/// <param name="LastNanoseconds">Of its newest line.</param>
/// <param name="Bytes">On disk.</param>
public sealed record LogStream(string Name, long FirstNanoseconds, long LastNanoseconds, long Bytes);
