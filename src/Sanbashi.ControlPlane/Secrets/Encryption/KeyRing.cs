namespace Sanbashi.ControlPlane.Secrets.Encryption;

/// <summary>The keys at one time: one that seals, and older ones that still open what was sealed before. Immutable but for the count of those who seal with it.</summary>
internal sealed class KeyRing
{
    private readonly Dictionary<string, EncryptionKey> _keys = [];
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // One for the ring being in use at all.
    private int _users = 1;

    /// <param name="keys">The sealing one first.</param>
    public KeyRing(IReadOnlyList<EncryptionKey> keys)
    {
        Keys = keys;
        foreach (var key in keys)
        {
            _keys.TryAdd(key.Id, key);
        }
    }

    public IReadOnlyList<EncryptionKey> Keys { get; }

    public EncryptionKey Current => Keys[0];

    public EncryptionKey? Find(string id) => _keys.GetValueOrDefault(id);

    /// <summary>False: it is being replaced; take the new one.</summary>
    public bool TryEnter()
    {
        while (true)
        {
            var users = Volatile.Read(ref _users);
            if (users == 0)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _users, users + 1, users) == users)
            {
                return true;
            }
        }
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _idle.TrySetResult();
        }
    }

    /// <summary>Called once, when another ring has taken its place: completes when what was being sealed with this one is written.</summary>
    public Task Retire()
    {
        Leave();
        return _idle.Task;
    }
}
