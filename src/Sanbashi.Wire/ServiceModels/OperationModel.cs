using System.Text.Json;

namespace Sanbashi.Wire;

/// <summary>One operation of a service definition.</summary>
public sealed class OperationModel
{
    internal OperationModel(ServiceModel model, string name, JsonElement json)
    {
        Model = model;
        Name = name;
        HttpMethod = "POST";
        RequestUri = "/";
        if (ModelJson.Child(json, "http") is { } http)
        {
            HttpMethod = ModelJson.Text(http, "method") ?? "POST";
            RequestUri = ModelJson.Text(http, "requestUri") ?? "/";
            ResponseCode = (int?)ModelJson.Number(http, "responseCode") ?? 200;
        }

        if (ModelJson.Child(json, "input") is { } input)
        {
            Input = new ShapeMember(model, "input", input);
        }

        if (ModelJson.Child(json, "output") is { } output)
        {
            Output = new ShapeMember(model, "output", output);
            ResultWrapper = ModelJson.Text(output, "resultWrapper");
        }

        IsSigned = ModelJson.Text(json, "authtype") != "none";
        Errors = ModelJson.References(json, "errors");
    }

    /// <summary>The service that the operation belongs to.</summary>
    public ServiceModel Model { get; }

    /// <summary>The name, for example <c>CreateService</c>.</summary>
    public string Name { get; }

    /// <summary>The input's structure; absent when the operation takes nothing.</summary>
    public ShapeMember? Input { get; }

    /// <summary>The output's structure; absent when the operation answers nothing.</summary>
    public ShapeMember? Output { get; }

    /// <summary>The element around the output in the query protocol.</summary>
    public string? ResultWrapper { get; }

    /// <summary>The names of the error structures that the operation answers with.</summary>
    public IReadOnlyList<string> Errors { get; }

    /// <summary>The HTTP method; only REST protocols use others than <c>POST</c>.</summary>
    public string HttpMethod { get; }

    /// <summary>The path; only REST protocols use others than <c>/</c>.</summary>
    public string RequestUri { get; }

    /// <summary>The HTTP status of success. Default: 200.</summary>
    public int ResponseCode { get; } = 200;

    /// <summary>Whether callers must sign; a few operations (signing in with a web identity) take no signature.</summary>
    public bool IsSigned { get; }
}
