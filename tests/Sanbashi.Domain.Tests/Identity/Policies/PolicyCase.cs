namespace Sanbashi.Domain.Tests.Identity.Policies;

/// <param name="Line">Its line number and text.</param>
/// <param name="Check">Null when the evaluator answers as the line says; else what it answered.</param>
internal sealed record PolicyCase(string Line, Func<string?> Check);
