namespace Sanbashi.Cli.Builds;

/// <param name="Tag">The name under which the engine has it.</param>
internal sealed record BuiltImage(string ImageId, string Tag);
