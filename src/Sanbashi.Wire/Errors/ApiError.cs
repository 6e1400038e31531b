namespace Sanbashi.Wire;

/// <summary>An error that is ready to be written in a protocol's form.</summary>
/// <param name="Code">The error shape's name; protocols may write another code for it.</param>
/// <param name="Message">The text for the caller.</param>
/// <param name="Status">The HTTP status, unless the protocol has its own for this code.</param>
/// <param name="Shape">What the model says about the error, when it lists it.</param>
public sealed record ApiError(string Code, string Message, int Status, Shape? Shape)
{
    /// <summary>Whether the server is to blame and not the caller.</summary>
    public bool IsFault => Status >= 500;

    /// <summary>Resolves status and length of the message from the model and the table of common errors.</summary>
    public static ApiError Of(ServiceModel? model, string code, string message)
    {
        var shape = model?.FindShape(code) is { Error: not null } error ? error : null;
        var status = shape?.Error!.HttpStatus
            ?? (shape is null ? CommonErrors.StatusOf(code) : shape.Error!.IsFault ? 500 : 400)
            ?? 400;
        return new ApiError(code, Excerpt.Cut(message, MessageLength(model, shape)), status, shape);
    }

    /// <summary>How long a message may be by the error's shape. Default: 2,048 characters.</summary>
    internal static int MessageLength(ServiceModel? model, Shape? shape) =>
        (int?)(MessageMember(model, shape)?.Shape.Max) ?? 2048;

    /// <summary>The member that carries the text: the error's own, else that of the model's other errors, which agree.</summary>
    internal static ShapeMember? MessageMember(ServiceModel? model, Shape? shape)
    {
        if (shape is not null)
        {
            return MessageMember(shape);
        }

        return model?.Operations.Values
            .SelectMany(operation => operation.Errors)
            .Select(model.FindShape)
            .Select(error => error is null ? null : MessageMember(error))
            .FirstOrDefault(member => member is not null);
    }

    private static ShapeMember? MessageMember(Shape shape) =>
        shape.Members.Values.FirstOrDefault(member => member.Name.Equals("message", StringComparison.OrdinalIgnoreCase));
}
