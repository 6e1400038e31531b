namespace Sanbashi.Engines;

/// <param name="CurrentBytes">Of <paramref name="TotalBytes"/>, both 0 where unknown.</param>
public sealed record ImageProgress(string Message, long CurrentBytes, long TotalBytes);
