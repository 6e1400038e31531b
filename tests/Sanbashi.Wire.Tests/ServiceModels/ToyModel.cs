using System.Text;

namespace Sanbashi.Wire.Tests.ServiceModels;

/// <summary>A service with every kind of shape, so that protocols can be tested without a real one that has them all.</summary>
internal static class ToyModel
{
    private const string Shapes = """
        "PutThingRequest": {"type": "structure", "required": ["Name"], "members": {
          "Name": {"shape": "Name"}, "Count": {"shape": "Count"}, "Big": {"shape": "Big"}, "Ratio": {"shape": "Ratio"}, "On": {"shape": "Flag"},
          "When": {"shape": "Time"}, "Data": {"shape": "Data"}, "Names": {"shape": "Names"}, "FlatNames": {"shape": "FlatNames"},
          "Labels": {"shape": "Labels"}, "FlatLabels": {"shape": "FlatLabels"}, "Inner": {"shape": "Inner"}, "Inners": {"shape": "Inners"},
          "Secret": {"shape": "Secret"}, "Secrets": {"shape": "Secrets"}, "Choice": {"shape": "Choice"}, "Any": {"shape": "Any"}}},
        "PutThingResponse": {"type": "structure", "required": ["Name"], "members": {
          "Name": {"shape": "Name"}, "Count": {"shape": "Count"}, "When": {"shape": "Time"}, "HttpWhen": {"shape": "Time", "timestampFormat": "rfc822"},
          "IsoWhen": {"shape": "Time", "timestampFormat": "iso8601"}, "Names": {"shape": "Names"}, "FlatNames": {"shape": "FlatNames"},
          "Labels": {"shape": "Labels"}, "FlatLabels": {"shape": "FlatLabels"}, "Inner": {"shape": "Inner"}, "Inners": {"shape": "Inners"}}},
        "GoneException": {"type": "structure", "exception": true, "error": {"code": "Toy.Gone", "httpStatusCode": 410, "senderFault": true}, "members": {"message": {"shape": "Text"}}},
        "InternalToyException": {"type": "structure", "exception": true, "fault": true, "members": {"message": {"shape": "Text"}}},
        "Text": {"type": "string", "max": 300},
        "Name": {"type": "string", "min": 2, "max": 5, "pattern": "[a-z\u00e9\ud83d\ude80]+"},
        "Count": {"type": "integer", "min": 1, "max": 9}, "Big": {"type": "long"}, "Ratio": {"type": "double", "max": 1}, "Flag": {"type": "boolean"},
        "Time": {"type": "timestamp"}, "Data": {"type": "blob", "min": 1, "max": 3},
        "Names": {"type": "list", "member": {"shape": "Name"}, "min": 1, "max": 3},
        "FlatNames": {"type": "list", "member": {"shape": "Name", "locationName": "FlatName"}, "flattened": true},
        "Labels": {"type": "map", "key": {"shape": "Name"}, "value": {"shape": "Text"}, "max": 2},
        "FlatLabels": {"type": "map", "key": {"shape": "Name", "locationName": "K"}, "value": {"shape": "Text", "locationName": "V"}, "flattened": true},
        "Inner": {"type": "structure", "required": ["Id"], "members": {"Id": {"shape": "Name"}, "Deeper": {"shape": "Inner"}}},
        "Inners": {"type": "list", "member": {"shape": "Inner"}},
        "Secret": {"type": "string", "min": 3, "pattern": "[0-9]+", "sensitive": true},
        "Secrets": {"type": "map", "key": {"shape": "Secret"}, "value": {"shape": "Secret"}},
        "Choice": {"type": "structure", "union": true, "members": {"A": {"shape": "Text"}, "B": {"shape": "Text"}}},
        "Any": {"type": "structure", "document": true, "members": {}},
        "Color": {"type": "string", "enum": ["RED", "GREEN"]}
        """;

    public static ServiceModel Query { get; } = Make("""
        "protocol": "query", "xmlNamespace": "https://toy.example/2026/"
        """, resultWrapper: true);

    public static ServiceModel Json { get; } = Make("""
        "protocol": "json", "jsonVersion": "1.1", "targetPrefix": "Toy_2026"
        """);

    public static ServiceModel QueryCompatible { get; } = Make("""
        "protocol": "json", "jsonVersion": "1.0", "targetPrefix": "Toy", "awsQueryCompatible": {}
        """);

    public static ServiceModel Rest { get; } = Make("""
        "protocol": "rest-json"
        """);

    private static ServiceModel Make(string protocol, bool resultWrapper = false)
    {
        var wrapper = resultWrapper ? ", \"resultWrapper\": \"PutThingResult\"" : "";
        var text = $$"""
            {"version": "2.0",
             "metadata": {"apiVersion": "2026-01-01", "endpointPrefix": "toy", "serviceId": "Toy",
                {{protocol}} },
             "operations": {
               "PutThing": {"name": "PutThing", "http": {"method": "PUT", "requestUri": "/things/{Name}"}, "input": {"shape": "PutThingRequest"},
                            "output": {"shape": "PutThingResponse"{{wrapper}} }, "errors": [{"shape": "GoneException"}, {"shape": "InternalToyException"}]},
               "Ping": {"name": "Ping"},
               "SignIn": {"name": "SignIn", "authtype": "none"} },
             "shapes": { {{Shapes}} } }
            """;
        return ServiceModel.Parse(new MemoryStream(Encoding.UTF8.GetBytes(text)));
    }
}
