namespace Sanbashi.ControlPlane.Secrets.Rotation.Databases;

/// <summary>What rotating users needs of a database server.</summary>
internal interface IDatabase
{
    /// <summary>Whether the server lets this login in. Only the server's own refusal is a no.</summary>
    /// <exception cref="RotationException">The server can't be asked.</exception>
    Task<bool> LetsIn(DatabaseLogin login, CancellationToken cancellationToken);

    /// <summary>Changes the password of the user that logs in.</summary>
    /// <exception cref="RotationException">It can't be changed.</exception>
    Task ChangeOwn(DatabaseLogin login, string password, CancellationToken cancellationToken);

    /// <summary>Makes a user like another one, or changes its password if it is there.</summary>
    /// <param name="master">A login that may.</param>
    /// <param name="user">The user that is to be.</param>
    /// <param name="like">The user whose rights it gets.</param>
    /// <exception cref="RotationException">It can't be made.</exception>
    Task Provide(DatabaseLogin master, string user, string password, string like, CancellationToken cancellationToken);
}
