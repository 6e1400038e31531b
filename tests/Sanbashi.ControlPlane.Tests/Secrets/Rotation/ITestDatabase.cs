namespace Sanbashi.ControlPlane.Tests.Secrets.Rotation;

/// <summary>A database of one test, with a user that owns nothing but it.</summary>
internal interface ITestDatabase
{
    int Port { get; }

    string Name { get; }

    /// <summary>Its names begin with this: <c>SecretsManagerRDSPostgreSQLRotation</c>.</summary>
    string Function { get; }

    (string User, string Password) Master { get; }

    Task<bool> LetsIn(string user, string password);

    Task Execute(string user, string password, string sql);

    /// <summary>As somebody would who knows nothing of secrets.</summary>
    Task ChangePassword(string user, string password);
}
