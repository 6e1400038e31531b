using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Sanbashi.Wire;

namespace Sanbashi.Docs.Tests.Reference;

/// <summary>The page of the model <c>sanbashi</c>, made from the model itself.</summary>
internal static partial class ApiPage
{
    public const string Path = "docs/reference/api-sanbashi.md";

    public static string Render()
    {
        var model = ServiceModel.LoadEmbedded("sanbashi");
        var documentation = JsonNode.Parse(ServiceModel.OpenEmbeddedText("sanbashi"))!["operations"]!;
        var page = new StringBuilder();
        page.Append($"""
            # The API beyond App Runner

            Generated from the model by `{ReferenceTests.RewriteVariable}=1 ./test Docs`; a test keeps it current.

            What App Runner has no words for are operations of a second model, {model.Metadata.ApiVersion}: AWS JSON {model.Metadata.JsonVersion}, `POST /`,
            `X-Amz-Target: {model.Metadata.TargetPrefix}.<Operation>`, signed for the service `{model.SigningName}`. How to teach them to the aws CLI is said in
            [App Runner compatibility](../app-runner-compatibility.md#what-sanbashi-adds); the command line has a command for each. Members marked with * are required.


            """);
        foreach (var operation in model.Operations.Values.OrderBy(operation => operation.Name, StringComparer.Ordinal))
        {
            page.Append($"## {operation.Name}\n\n{Plain((string?)documentation[operation.Name]?["documentation"])}\n\n");
            AppendMembers(page, "input", operation.Input?.Shape);
            AppendMembers(page, "output", operation.Output?.Shape);
            page.Append($"Errors: {string.Join(", ", operation.Errors.Select(error => $"`{error}`"))}.\n\n");
        }

        page.Append("## Structures\n\n");
        foreach (var shape in Structures(model))
        {
            AppendMembers(page, shape.Name, shape);
        }

        return page.ToString().TrimEnd('\n') + "\n";
    }

    private static void AppendMembers(StringBuilder page, string title, Shape? shape)
    {
        if (shape is not { Members.Count: > 0 })
        {
            return;
        }

        page.Append($"| {title} | type | allowed |\n| --- | --- | --- |\n");
        foreach (var (name, member) in shape.Members)
        {
            page.Append($"| `{name}`{(shape.Required.Contains(name) ? "*" : "")} | {TypeOf(member.Shape)} | {Cell(Allowed(member.Shape))} |\n");
        }

        page.Append('\n');
    }

    /// <summary>Structures of this model that operations reach, in order of their names; App Runner's own <c>Service</c> is described there.</summary>
    private static IEnumerable<Shape> Structures(ServiceModel model)
    {
        var found = new SortedDictionary<string, Shape>(StringComparer.Ordinal);
        foreach (var shape in model.Operations.Values.SelectMany(operation => new[] { operation.Input?.Shape, operation.Output?.Shape }).OfType<Shape>())
        {
            Collect(shape, found);
        }

        return found.Values;
    }

    private static void Collect(Shape shape, SortedDictionary<string, Shape> found)
    {
        foreach (var inner in shape.Members.Values.Select(member => member.Shape))
        {
            var structure = inner.Element?.Shape ?? inner.Value?.Shape ?? inner;
            if (structure.Kind == ShapeKind.Structure && structure.Name != "Service" && found.TryAdd(structure.Name, structure))
            {
                Collect(structure, found);
            }
        }
    }

    private static string TypeOf(Shape shape) => shape.Kind switch
    {
        ShapeKind.List => $"list of {TypeOf(shape.Element!.Shape)}",
        ShapeKind.Map => $"map of {TypeOf(shape.Key!.Shape)} to {TypeOf(shape.Value!.Shape)}",
        ShapeKind.Structure => shape.Name,
        _ => shape.Kind.ToString().ToLowerInvariant(),
    };

    private static string Allowed(Shape shape)
    {
        switch (shape.Name)
        {
            case "String":
                return "";
            case "AppRunnerResourceArn":
                return "a service's ARN";
        }

        if (shape.Enum.Count > 0)
        {
            return string.Join(", ", shape.Enum.Select(value => $"`{value}`"));
        }

        var range = (shape.Min, shape.Max) switch
        {
            (null, null) => "",
            ({ } min, null) => $"from {min}",
            (null, { } max) => $"up to {max}",
            ({ } min, { } max) when min == max => $"{min}",
            ({ } min, { } max) => $"{min} to {max}",
        };
        var unit = range.Length == 0 ? "" : shape.Kind switch { ShapeKind.String => " characters", ShapeKind.List or ShapeKind.Map => " entries", _ => "" };
        var pattern = shape.Pattern is null or ".*" ? "" : $"`{shape.Pattern}`";
        return string.Join(", ", new[] { range + unit, pattern }.Where(part => part.Length > 0));
    }

    private static string Plain(string? html) => WebUtility.HtmlDecode(Tag().Replace(html ?? "", "")).Trim();

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    [GeneratedRegex("<[^>]+>")]
    private static partial Regex Tag();
}
