namespace Sanbashi.Domain.Services;

/// <summary>A deployment that the platform began by itself because what a service reads has changed.</summary>
/// <param name="Pins">Which versions it was for.</param>
/// <param name="Count">How many were begun for these.</param>
/// <param name="At">When the last one was.</param>
public sealed record RefreshAttempt(string Pins, int Count, DateTimeOffset At);
