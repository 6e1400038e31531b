using Npgsql;

namespace Sanbashi.Storage.Tests.Postgres;

public sealed class PostgresUrlTests
{
    [Theory]
    [InlineData("postgres://u:p@db.example:6000/store", "db.example", 6000, "u", "p", "store")]
    [InlineData("postgresql://u%40x:p%3A%2F%20w@db/store", "db", 5432, "u@x", "p:/ w", "store")]
    [InlineData("postgres://u@[::1]:6000/s", "::1", 6000, "u", null, "s")]
    [InlineData("postgres://u@db", "db", 5432, "u", null, "u")]
    [InlineData("postgres://u@/s?host=/run/postgresql&port=5433", "/run/postgresql", 5433, "u", null, "s")]
    [InlineData("postgres://u:p@a:1,b/s", "a:1,b:5432", 5432, "u", "p", "s")]
    [InlineData("postgres:///s?user=me&password=x", "localhost", 5432, "me", "x", "s")]
    public void Parse_OfAnAddress_FindsItsParts(string url, string host, int port, string user, string? password, string database)
    {
        var settings = PostgresUrl.Parse(url);

        (settings.Host, settings.Port, settings.Username, settings.Password, settings.Database).ShouldBe((host, port, user, password, database));
    }

    [Fact]
    public void Parse_OfParameters_KnowsLibpqsAndNpgsqlsNames()
    {
        var settings = PostgresUrl.Parse("postgres://u@h/d?sslmode=verify-full&sslrootcert=/ca.pem&connect_timeout=3&Maximum%20Pool%20Size=7&application_name=x");

        settings.SslMode.ShouldBe(SslMode.VerifyFull);
        (settings.RootCertificate, settings.Timeout, settings.MaxPoolSize, settings.ApplicationName).ShouldBe(("/ca.pem", 3, 7, "x"));
    }

    [Theory]
    [InlineData("postgres://u:geheim@h:port/d", "'h:port' is not a host")]
    [InlineData("postgres://u:geheim@h/d?sslmod=require", "sslmod is unknown")]
    [InlineData("postgres://u:geheim@h/d?sslmode=perhaps", "sslmode is unknown or its value")]
    [InlineData("postgres://u@h/d?password=geheim&x=y", "x is unknown")]
    [InlineData("postgres://u:geheim@h/d/e", "must be postgres://")]
    public void Parse_OfABadAddress_SaysWhereWithoutTheSecret(string url, string said)
    {
        var error = Should.Throw<StoreException>(() => PostgresUrl.Parse(url));

        error.Message.ShouldContain(said);
        error.Message.ShouldNotContain("geheim");
    }

    [Theory]
    [InlineData("mysql://u:geheim@h/d")]
    [InlineData("sqlite://relative.db")]
    [InlineData("")]
    public async Task Open_OfAnUnknownAddress_NamesTheKnownOnes(string address)
    {
        var error = await Should.ThrowAsync<StoreException>(() => DocumentStores.Open(address, TimeProvider.System, null, default));

        error.Message.ShouldContain("sqlite:///PATH");
        error.Message.ShouldNotContain("geheim");
    }
}
