namespace Sanbashi.Domain.Identity;

/// <param name="Number">1 for <c>v1</c>; never used again.</param>
public sealed record PolicyVersionRecord(int Number, string Text, DateTimeOffset CreatedAt)
{
    public static string IdOf(int number) => $"v{number}";
}
