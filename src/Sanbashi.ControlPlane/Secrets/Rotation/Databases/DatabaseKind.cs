namespace Sanbashi.ControlPlane.Secrets.Rotation.Databases;

/// <summary>What the built-in rotators know.</summary>
internal enum DatabaseKind
{
    Postgres,

    /// <summary>MySQL and MariaDB.</summary>
    MySql,
}
