using System.Text.Json.Nodes;

namespace Sanbashi.Wire;

/// <summary>
/// One service that is answered here: its model and the handlers of its operations. It is put together before the host
/// starts; afterwards it must not change. Operations without a handler are answered with <c>UnknownOperationException</c>.
/// </summary>
public sealed class ApiService
{
    private readonly Dictionary<string, ApiHandler> _handlers = new(StringComparer.Ordinal);

    /// <summary>Serves a model; inputs are checked with the model's own <see cref="ServiceModel.Overrides"/>.</summary>
    public ApiService(ServiceModel model)
    {
        Model = model;
        Overrides = model.Overrides;
    }

    /// <summary>The service's definition.</summary>
    public ServiceModel Model { get; }

    /// <summary>Where inputs are checked differently from the model's words.</summary>
    public ConstraintOverrides Overrides { get; private set; }

    /// <summary>The operations that have a handler or are declared unavailable.</summary>
    public IReadOnlyCollection<string> Operations => _handlers.Keys;

    /// <summary>The operations of the model that are neither handled nor declared unavailable.</summary>
    public IEnumerable<string> MissingOperations => Model.Operations.Keys.Where(operation => !_handlers.ContainsKey(operation));

    /// <summary>Answers an operation of the model.</summary>
    /// <exception cref="ArgumentException">The model has no such operation, or it has a handler already.</exception>
    public ApiService Handle(string operation, ApiHandler handler)
    {
        if (!Model.Operations.ContainsKey(operation))
        {
            throw new ArgumentException($"{Model} has no operation '{operation}'.", nameof(operation));
        }

        if (!_handlers.TryAdd(operation, handler))
        {
            throw new ArgumentException($"The operation '{operation}' of {Model} is handled already.", nameof(operation));
        }

        return this;
    }

    /// <summary>Validates the input of these operations and then answers with an error that names what is not available.</summary>
    /// <param name="operations">The operations.</param>
    /// <param name="errorCode">The error shape's name, or a common error.</param>
    /// <param name="message">Makes the message from the operation's name.</param>
    /// <exception cref="ArgumentException">The model has no such operation, or it has a handler already.</exception>
    public ApiService Unavailable(IEnumerable<string> operations, string errorCode, Func<string, string> message)
    {
        foreach (var operation in operations)
        {
            Handle(operation, (_, _) => Task.FromException<JsonObject>(new ApiException(errorCode, message(operation))));
        }

        return this;
    }

    /// <summary>Checks the texts of one shape differently from the model's words.</summary>
    public ApiService Constrain(string shape, ConstraintOverride constraint)
    {
        Overrides = Overrides.With(Model.GetShape(shape).Name, constraint);
        return this;
    }

    /// <summary>Lets an operation do without members that its model requires in a shape.</summary>
    public ApiService Optional(string operation, string shape, params ReadOnlySpan<string> members)
    {
        Overrides = Overrides.WithOptional(operation, Model.GetShape(shape).Name, members);
        return this;
    }

    internal ApiHandler? FindHandler(string operation) => _handlers.GetValueOrDefault(operation);
}
