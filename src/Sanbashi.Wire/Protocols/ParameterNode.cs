namespace Sanbashi.Wire;

/// <summary>The flat parameters of the query protocols as the tree that their dots describe.</summary>
internal sealed class ParameterNode
{
    /// <summary>The deepest nesting that is read.</summary>
    private const int MaxDepth = 64;

    private readonly Dictionary<string, ParameterNode> _children = new(StringComparer.Ordinal);

    /// <summary>The value of the parameter that ends here.</summary>
    public string? Value { get; private set; }

    public ParameterNode? this[string name] => _children.GetValueOrDefault(name);

    /// <summary>Builds the tree; a repeated parameter is an error, because two readers might take different ones.</summary>
    /// <exception cref="ApiException">A parameter is repeated or too deep.</exception>
    public static ParameterNode Parse(IReadOnlyList<KeyValuePair<string, string>> parameters)
    {
        var root = new ParameterNode();
        foreach (var (name, value) in parameters)
        {
            var node = root;
            var depth = 0;
            foreach (var range in name.AsSpan().Split('.'))
            {
                if (++depth > MaxDepth)
                {
                    throw new ApiException("MalformedQueryString", $"The parameter '{Excerpt.Of(name, 60)}' is nested deeper than {MaxDepth}.");
                }

                var part = name[range];
                if (!node._children.TryGetValue(part, out var child))
                {
                    node._children.Add(part, child = new ParameterNode());
                }

                node = child;
            }

            if (node.Value is not null)
            {
                throw new ApiException("MalformedQueryString", $"The parameter '{Excerpt.Of(name, 60)}' is given twice.");
            }

            node.Value = value;
        }

        return root;
    }

    /// <summary>The children that have whole numbers as names, in their order.</summary>
    public IEnumerable<ParameterNode> Numbered() =>
        from child in _children
        let index = int.TryParse(child.Key, out var number) && number > 0 ? number : 0
        where index > 0
        orderby index
        select child.Value;
}
