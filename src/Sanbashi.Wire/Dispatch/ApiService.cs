namespace Sanbashi.Wire;

/// <summary>One service that is answered here: its model and the handlers of its operations.</summary>
public sealed class ApiService(ServiceModel model)
{
    /// <summary>The service's definition.</summary>
    public ServiceModel Model { get; } = model;

    /// <summary>Answers an operation of the model.</summary>
    /// <exception cref="ArgumentException">The model has no such operation, or it has a handler already.</exception>
    public ApiService Handle(string operation, ApiHandler handler) => this;

    /// <summary>Validates the input of these operations and then answers with an error that names what is not available.</summary>
    public ApiService Unavailable(IEnumerable<string> operations, string errorCode, Func<string, string> message) => this;
}
