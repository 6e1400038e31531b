namespace Sanbashi.Wire;

/// <summary>A service's definition in botocore's format: metadata, operations and shapes.</summary>
public sealed class ServiceModel
{
    /// <summary>Loads a model that ships with this library: <c>apprunner</c>, <c>logs</c>, <c>sts</c> or <c>sanbashi</c>.</summary>
    /// <exception cref="ArgumentException">No such model is embedded.</exception>
    public static ServiceModel LoadEmbedded(string name) => throw new NotSupportedException();

    /// <summary>Reads a model.</summary>
    /// <exception cref="InvalidDataException">The text is not a service model.</exception>
    public static ServiceModel Parse(Stream botocoreJson) => throw new NotSupportedException();

    /// <summary>The name in the credential scope of signatures, for example <c>apprunner</c>.</summary>
    public string SigningName => throw new NotSupportedException();
}
