using System.Reflection;
using System.Text.Json;

namespace Sanbashi.Wire;

/// <summary>
/// A service's definition in botocore's format: metadata, operations and shapes. Shapes are built when they are first
/// needed, so that starting a process costs little more than reading the text.
/// </summary>
public sealed class ServiceModel
{
    private static readonly Lazy<IReadOnlyList<string>> Names = new(() =>
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.EndsWith(".json", StringComparison.Ordinal) && !name.EndsWith(".overrides.json", StringComparison.Ordinal))
            .Select(name => name[..^".json".Length])
            .Order(StringComparer.Ordinal),
    ]);

    private readonly Dictionary<string, OperationModel> _operations = [];
    private readonly Dictionary<string, UnbuiltShape> _shapes = [];

    private ServiceModel(JsonElement json, ConstraintOverrides overrides)
    {
        var metadata = ModelJson.Child(json, "metadata") ?? throw new InvalidDataException("there is no 'metadata' object");
        var operations = ModelJson.Child(json, "operations") ?? throw new InvalidDataException("there is no 'operations' object");
        var shapes = ModelJson.Child(json, "shapes") ?? throw new InvalidDataException("there is no 'shapes' object");
        Metadata = new ServiceMetadata(metadata);
        Overrides = overrides;

        // Loops and reference types instead of queries over structs: the latter are compiled at run time, which costs more
        // than all the reading.
        foreach (var shape in shapes.EnumerateObject())
        {
            _shapes.Add(shape.Name, new UnbuiltShape(this, shape.Name, shape.Value));
        }

        foreach (var operation in operations.EnumerateObject())
        {
            _operations.Add(operation.Name, new OperationModel(this, operation.Name, operation.Value));
        }
    }

    /// <summary>What the definition says about the service as a whole.</summary>
    public ServiceMetadata Metadata { get; }

    /// <summary>The name in the credential scope of signatures, for example <c>apprunner</c>.</summary>
    public string SigningName => Metadata.SigningName;

    /// <summary>The operations by name.</summary>
    public IReadOnlyDictionary<string, OperationModel> Operations => _operations;

    /// <summary>The names of all shapes.</summary>
    public IReadOnlyCollection<string> ShapeNames => _shapes.Keys;

    /// <summary>Where this implementation checks differently from the definition's words.</summary>
    public ConstraintOverrides Overrides { get; }

    /// <summary>
    /// Loads a model that ships with this library: <c>apprunner</c>, <c>cloudwatch</c>, <c>ec2</c>, <c>iam</c>, <c>logs</c>, <c>secretsmanager</c>, <c>ssm</c>, <c>sts</c> or <c>sanbashi</c>, with its overrides.
    /// </summary>
    /// <exception cref="ArgumentException">No such model is embedded.</exception>
    public static ServiceModel LoadEmbedded(string name)
    {
        using var model = OpenEmbedded($"{name}.json")
            ?? throw new ArgumentException($"No service model named '{name}' is embedded. Known: {string.Join(", ", EmbeddedNames)}.", nameof(name));
        using var overrides = OpenEmbedded($"{name}.overrides.json");
        return Parse(model, overrides is null ? ConstraintOverrides.None : ConstraintOverrides.Parse(overrides));
    }

    /// <summary>The names that <see cref="LoadEmbedded"/> knows.</summary>
    public static IReadOnlyList<string> EmbeddedNames => Names.Value;

    /// <summary>Opens the text of an embedded model, for a client that wants to learn it (<c>aws configure add-model</c>).</summary>
    /// <exception cref="ArgumentException">No such model is embedded.</exception>
    public static Stream OpenEmbeddedText(string name) =>
        OpenEmbedded($"{name}.json") ?? throw new ArgumentException($"No service model named '{name}' is embedded.", nameof(name));

    /// <summary>Reads a model.</summary>
    /// <exception cref="InvalidDataException">The text is not a service model.</exception>
    public static ServiceModel Parse(Stream botocoreJson) => Parse(botocoreJson, ConstraintOverrides.None);

    /// <summary>Reads a model that is checked with <paramref name="overrides"/>.</summary>
    /// <exception cref="InvalidDataException">The text is not a service model.</exception>
    public static ServiceModel Parse(Stream botocoreJson, ConstraintOverrides overrides)
    {
        try
        {
            // Not disposed: shapes are read from the document when they are needed.
            return new ServiceModel(JsonDocument.Parse(botocoreJson).RootElement, overrides);
        }
        catch (JsonException broken)
        {
            throw new InvalidDataException($"The text is not a service model: {broken.Message}", broken);
        }
    }

    /// <summary>The shape with this name.</summary>
    /// <exception cref="InvalidDataException">The model has none.</exception>
    public Shape GetShape(string name) => FindShape(name)
        ?? throw new InvalidDataException($"The model of {Metadata.ServiceId} has no shape '{name}'.");

    /// <summary>The shape with this name, or <c>null</c>.</summary>
    public Shape? FindShape(string name) => _shapes.GetValueOrDefault(name)?.Build();

    /// <inheritdoc/>
    public override string ToString() => $"{Metadata.ServiceId} {Metadata.ApiVersion}";

    private static Stream? OpenEmbedded(string file) => Assembly.GetExecutingAssembly().GetManifestResourceStream(file);

    private sealed class UnbuiltShape(ServiceModel model, string name, JsonElement json)
    {
        private Shape? _shape;

        public Shape Build() => _shape ?? Interlocked.CompareExchange(ref _shape, new Shape(model, name, json), null) ?? _shape;
    }
}
