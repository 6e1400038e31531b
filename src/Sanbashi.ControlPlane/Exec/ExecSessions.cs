using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace Sanbashi.ControlPlane.Exec;

/// <summary>
/// Sessions that wait for their WebSocket, and those that have one. The id is the only thing that opens a session, so it is random, valid once and not for long.
/// </summary>
internal sealed class ExecSessions(TimeProvider timeProvider)
{
    /// <summary>How long a session waits for its WebSocket.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    /// <summary>Sessions that wait or run, over all services: each holds a connection to the engine.</summary>
    public const int MaxSessions = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ExecTicket> _waiting = new(StringComparer.Ordinal);
    private int _running;

    /// <summary>False when there are too many sessions.</summary>
    public bool TryAdd(Func<string, DateTimeOffset, ExecTicket> make, [NotNullWhen(true)] out ExecTicket? ticket)
    {
        var now = timeProvider.GetUtcNow();
        lock (_gate)
        {
            foreach (var expired in _waiting.Values.Where(waiting => waiting.ExpiresAt <= now).ToList())
            {
                _waiting.Remove(expired.SessionId);
            }

            if (_waiting.Count + _running >= MaxSessions)
            {
                ticket = null;
                return false;
            }

            ticket = make(RandomNumberGenerator.GetHexString(64, lowercase: true), now + Lifetime);
            _waiting.Add(ticket.SessionId, ticket);
            return true;
        }
    }

    /// <summary>Takes the session, once. Call <see cref="End"/> when it is over.</summary>
    public ExecTicket? Begin(string sessionId)
    {
        var now = timeProvider.GetUtcNow();
        lock (_gate)
        {
            if (!_waiting.Remove(sessionId, out var ticket) || ticket.ExpiresAt <= now)
            {
                return null;
            }

            _running++;
            return ticket;
        }
    }

    public void End()
    {
        lock (_gate)
        {
            _running--;
        }
    }
}
