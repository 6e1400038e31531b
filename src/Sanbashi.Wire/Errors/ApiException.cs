namespace Sanbashi.Wire;

/// <summary>An expected failure of a call: it becomes the error answer of the caller's protocol.</summary>
/// <param name="code">The error shape's name, for example <c>InvalidRequestException</c>; the HTTP status follows from it.</param>
/// <param name="message">What was attempted, on what, what was found and what to do next; shown to the caller.</param>
public sealed class ApiException(string code, string message) : Exception(message)
{
    /// <summary>The error shape's name, for example <c>ResourceNotFoundException</c>.</summary>
    public string Code { get; } = code;
}
