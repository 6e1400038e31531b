using Sanbashi.ControlPlane.Api;
using Sanbashi.ControlPlane.Secrets.Rotation.Databases;

namespace Sanbashi.ControlPlane.Secrets.Rotation;

/// <summary>Finds what <c>RotationLambdaARN</c> names.</summary>
/// <param name="allowed">Endpoints and programs that the operator allows, each with everything below it: whoever may rotate a secret could otherwise have the platform call or start anything.</param>
internal sealed class Rotators(IReadOnlyList<string> allowed) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan };

    /// <exception cref="RotationException">There is no such rotator, or it is not allowed.</exception>
    public IRotator Find(string name)
    {
        if (RotatorName.TryParseBuiltIn(name) is var (kind, isAlternating))
        {
            return new DatabaseRotator(kind == DatabaseKind.Postgres ? new PostgresDatabase() : new MySqlDatabase(), isAlternating);
        }

        if (RotatorName.TryParseUrl(name) is { } url)
        {
            return allowed.Any(entry => RotatorName.TryParseUrl(entry) is { } other && IsBelow(url, other)) ? new EndpointRotator(_http, url) : throw NotAllowed(name);
        }

        if (name.StartsWith('/'))
        {
            return allowed.Any(entry => entry.StartsWith('/') && IsBelow(Path.GetFullPath(name), entry)) ? new ProgramRotator(Path.GetFullPath(name)) : throw NotAllowed(name);
        }

        throw new RotationException(
            $"Secrets Manager cannot invoke the specified Lambda function: there are no functions here but the built-in ones, arn:aws:lambda:<region>:<account>:function:<name> with the name {string.Join(", ", RotatorName.BuiltIn)}. Endpoints (https://...) and programs (/...) can be allowed by the operator in ${ControlPlaneOptions.RotatorsVariable}.");
    }

    public void Dispose() => _http.Dispose();

    private static bool IsBelow(Uri url, Uri other) =>
        url.Scheme == other.Scheme && url.Authority == other.Authority && url.UserInfo.Length == 0 && IsBelow(url.AbsolutePath, other.AbsolutePath);

    private static bool IsBelow(string path, string other) => path == other || path.StartsWith(other.TrimEnd('/') + "/", StringComparison.Ordinal);

    private static RotationException NotAllowed(string name) =>
        new($"The rotator {Excerpt.Of(name)} is not allowed here. The operator of this installation can allow it in ${ControlPlaneOptions.RotatorsVariable}.");
}
