using System.Security.Cryptography;
using Sanbashi.Domain.Secrets;

namespace Sanbashi.ControlPlane.Secrets.Rotation.Databases;

/// <summary>
/// The user of a database secret, in one of AWS's two strategies. Single user: its password is changed. Alternating users: two users take turns, and the one that is not in
/// use gets a new password, so that what runs with the other one is never refused.
/// </summary>
internal sealed class DatabaseRotator(IDatabase database, bool isAlternating) : IRotator
{
    private const string CloneSuffix = "_clone";

    /// <summary>AWS's functions leave out what connection strings and shells stumble on.</summary>
    private static readonly PasswordRules _passwords = new() { ExcludeCharacters = "/@\"'\\:;#?&=%+ $`" };

    public TimeSpan Limit { get; } = TimeSpan.FromMinutes(2);

    public async Task<SecretValue?> Take(RotationStep step, RotationCase rotation, CancellationToken cancellationToken)
    {
        switch (step)
        {
            case RotationStep.CreateSecret:
                var login = DatabaseLogin.Of(rotation.Current);
                return login.With(isAlternating ? Other(login.User) : login.User, GeneratedPassword.Make(_passwords, RandomNumberGenerator.GetInt32));
            case RotationStep.SetSecret:
                await (isAlternating ? SetOther(rotation, cancellationToken) : SetOwn(rotation, cancellationToken));
                return null;
            case RotationStep.TestSecret:
                var pending = DatabaseLogin.Of(rotation.Pending);
                return await database.LetsIn(pending, cancellationToken)
                    ? null
                    : throw new RotationException($"The database at {pending.Host} refuses {pending.User} with the new password.");
            default:
                return null;
        }
    }

    private async Task SetOwn(RotationCase rotation, CancellationToken cancellationToken)
    {
        var pending = DatabaseLogin.Of(rotation.Pending);
        CheckPlace(DatabaseLogin.Of(rotation.Current), pending);
        if (await database.LetsIn(pending, cancellationToken))
        {
            return;
        }

        // The current value may be ahead of the database, after somebody has put one by hand.
        foreach (var value in new[] { rotation.Current, rotation.Previous }.OfType<SecretValue>())
        {
            if (DatabaseLogin.Of(value) is var known && known.User == pending.User && known.Host == pending.Host && await database.LetsIn(known, cancellationToken))
            {
                await database.ChangeOwn(known, pending.Password, cancellationToken);
                return;
            }
        }

        throw new RotationException(
            $"The database at {pending.Host} refuses {pending.User} with the secret's current and its previous password. Put the right one into the secret (PutSecretValue), or set the secret's password in the database.");
    }

    private async Task SetOther(RotationCase rotation, CancellationToken cancellationToken)
    {
        var (current, pending) = (DatabaseLogin.Of(rotation.Current), DatabaseLogin.Of(rotation.Pending));
        CheckPlace(current, pending);
        if (await database.LetsIn(pending, cancellationToken))
        {
            return;
        }

        var masterArn = pending.MasterArn ?? throw new RotationException("The secret's JSON has no 'masterarn'. Alternating users need the ARN of the secret of a user that may make users.");
        var master = DatabaseLogin.Of(await rotation.Other(masterArn, cancellationToken));
        if (master.Host != pending.Host)
        {
            throw new RotationException($"The master secret is for the database at {master.Host}, this secret for the one at {pending.Host}.");
        }

        await database.Provide(master, pending.User, pending.Password, current.User, cancellationToken);
    }

    /// <summary>A version that was made for another server would change users there.</summary>
    private static void CheckPlace(DatabaseLogin current, DatabaseLogin pending)
    {
        if (current.Host != pending.Host)
        {
            throw new RotationException($"The pending version is for the database at {pending.Host}, the current one for the one at {current.Host}.");
        }
    }

    private static string Other(string user) => user.EndsWith(CloneSuffix, StringComparison.Ordinal) ? user[..^CloneSuffix.Length] : user + CloneSuffix;
}
