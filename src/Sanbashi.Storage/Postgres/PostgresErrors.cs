using System.Net.Sockets;
using Npgsql;

namespace Sanbashi.Storage;

/// <summary>Turns PostgreSQL's and the network's errors into ones that say what to do.</summary>
internal static class PostgresErrors
{
    /// <summary>Whether this is one of the errors that <see cref="Translate"/> knows.</summary>
    public static bool IsOne(Exception error) => error is NpgsqlException or TimeoutException or SocketException or IOException;

    /// <summary>Whether the server or the way to it was away, so that the same may succeed soon.</summary>
    public static bool IsConnectionLoss(Exception error) => error switch
    {
        PostgresException e => e.SqlState is [_, _, ..] state && (state.StartsWith("57P0", StringComparison.Ordinal) || state.StartsWith("08", StringComparison.Ordinal)),
        NpgsqlException e => e.InnerException is SocketException or IOException or TimeoutException,
        SocketException or IOException or TimeoutException => true,
        _ => false,
    };

    public static StoreException Translate(Exception error, string attempted, string storeName)
    {
        var state = (error as PostgresException)?.SqlState ?? "";
        var advice = state switch
        {
            "53100" => "the server's disk is full. Make room there; nothing is lost, and writing goes on as soon as there is some.",
            "53200" => "the server has no memory left. Give it more, or lower its settings.",
            "53300" => "the server has no free connection. Raise its max_connections, or lower Maximum Pool Size in the address.",
            "28P01" or "28000" => "the server refused the user or the password. Check both in the address, and pg_hba.conf on the server.",
            "3D000" => "there is no such database. Create it (createdb), or name another.",
            "42501" => "the user may not do that. Grant it CREATE and USAGE on the schema, or make it the database's owner.",
            "25006" => "the server is read-only, a standby perhaps. Name the primary, or add target_session_attrs=read-write with all hosts.",
            "55P03" or "57014" => "it took too long, something else holds what is needed. Look at pg_stat_activity and pg_locks on the server.",
            "57P03" => "the server is starting or stopping. It is tried again as soon as it accepts connections.",
            "57P01" or "57P02" => "the server was stopped. Start it again.",
            _ when state.StartsWith("XX", StringComparison.Ordinal) => "the server found its data damaged. Look at its log, and restore the newest backup into a new store.",
            _ when error is PostgresException => "the server refused.",
            _ when IsConnectionLoss(error) => "the server does not answer. See that it runs, that host and port are right, and that it accepts connections from here.",
            _ => "the connection cannot be used.",
        };
        var detail = state.Length > 0 ? $"PostgreSQL error {state}: {((PostgresException)error).MessageText}" : (error.InnerException ?? error).Message;
        return new StoreException($"Cannot {attempted} {storeName}: {advice} ({detail})", error);
    }
}
