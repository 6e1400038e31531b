using System.Net.Http.Headers;
using System.Text;
using System.Xml.Linq;
using Sanbashi.ControlPlane.Tests.Api;
using Sanbashi.Wire;

namespace Sanbashi.ControlPlane.Tests.Identity;

/// <summary>Calls IAM, STS and EC2 as SDKs do: signed forms, XML as answer.</summary>
/// <param name="endpoint">Null: the host's own.</param>
internal sealed class QueryClient(ApiHost host, ApiCredential credential, string region = "us-east-1", Uri? endpoint = null)
{
    /// <summary>An answer's elements, found by name wherever they are; the first one counts.</summary>
    public sealed record Answer(XElement Root)
    {
        public string Text(string name) => Root.Descendants().First(element => element.Name.LocalName == name).Value;

        /// <summary>The items of a list, each as an answer of its own.</summary>
        public IReadOnlyList<Answer> Items(string list) =>
            [.. Root.Descendants().First(element => element.Name.LocalName == list).Elements().Select(element => new Answer(element))];

        public IReadOnlyList<string> Texts(string name) => [.. Root.Descendants().Where(element => element.Name.LocalName == name).Select(element => element.Value)];
    }

    public Task<Answer> Iam(string action, params (string Name, string Value)[] parameters) => Call("iam", "2010-05-08", action, parameters);

    public Task<Answer> Sts(string action, params (string Name, string Value)[] parameters) => Call("sts", "2011-06-15", action, parameters);

    public Task<Answer> Ec2(string action, params (string Name, string Value)[] parameters) => Call("ec2", "2016-11-15", action, parameters);

    public Task<ApiException> Ec2Refuses(string code, string action, params (string Name, string Value)[] parameters) => Refused(code, () => Ec2(action, parameters));

    public Task<ApiException> IamRefuses(string code, string action, params (string Name, string Value)[] parameters) => Refused(code, () => Iam(action, parameters));

    public Task<ApiException> StsRefuses(string code, string action, params (string Name, string Value)[] parameters) => Refused(code, () => Sts(action, parameters));

    private static async Task<ApiException> Refused(string code, Func<Task<Answer>> call)
    {
        var refusal = await Should.ThrowAsync<ApiException>(call);
        refusal.Code.ShouldBe(code, refusal.Message);
        return refusal;
    }

    private async Task<Answer> Call(string service, string version, string action, (string Name, string Value)[] parameters)
    {
        var form = string.Join('&', parameters.Prepend(("Version", version)).Prepend(("Action", action)).Select(pair => $"{pair.Item1}={Uri.EscapeDataString(pair.Item2)}"));
        var body = Encoding.UTF8.GetBytes(form);
        using var request = new HttpRequestMessage(HttpMethod.Post, endpoint ?? host.Endpoint)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded") } },
        };
        SigV4Signer.Sign(request, body, credential, service, region, TimeProvider.System.GetUtcNow());
        using var response = await host.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = new Answer(XElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
        return response.IsSuccessStatusCode ? answer : throw new ApiException(answer.Text("Code"), answer.Text("Message"));
    }
}
